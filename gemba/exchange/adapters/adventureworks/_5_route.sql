-- The steps of each made product: those of its latest work order, else one step without a work centre.
WITH latest AS (SELECT ProductID, max(WorkOrderID::BIGINT) AS work_order FROM routing GROUP BY ProductID)
SELECT
    article.ProductID AS id,
    number AS item,
    coalesce(OperationSequence::INTEGER, 1) AS sequence,
    coalesce(centre.name, 'Make') AS step,
    centre.name AS centre,
    coalesce(hours, 24 * DaysToManufacture::DOUBLE) AS hours
FROM article
LEFT JOIN latest USING (ProductID)
LEFT JOIN routing ON routing.WorkOrderID::BIGINT = work_order
LEFT JOIN centre ON centre.id = routing.LocationID
WHERE made
