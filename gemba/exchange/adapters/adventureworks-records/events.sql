-- Work of each operation, scrap of each order with its reason, and the end of each order with what was put away.
SELECT
    'WO-' || o.WorkOrderID || '-' || OperationSequence || '-worked' AS uid,
    ActualEndDate::DATE AS at,
    'worked' AS kind,
    'WO-' || o.WorkOrderID AS "order",
    'Operation ' || OperationSequence AS step,
    l.Name AS place,
    ProductID AS item,
    CASE WHEN ActualStartDate < ActualEndDate THEN ActualStartDate::DATE END AS start,
    round(ActualResourceHrs::DOUBLE * 3600, 3) AS seconds,
    NULL::DOUBLE AS good,
    NULL::DOUBLE AS scrap,
    NULL AS reason
FROM operation AS o
JOIN location AS l USING (LocationID)
UNION ALL
SELECT
    'WO-' || WorkOrderID || '-reported',
    EndDate::DATE,
    'reported',
    'WO-' || WorkOrderID,
    NULL,
    'AdventureWorks',
    ProductID,
    NULL,
    NULL,
    StockedQty::DOUBLE,
    ScrappedQty::DOUBLE,
    r.Name
FROM work_order AS w
LEFT JOIN scrap_reason AS r USING (ScrapReasonID)
WHERE EndDate IS NOT NULL
UNION ALL
SELECT
    'WO-' || WorkOrderID || '-closed',
    EndDate::DATE,
    'closed',
    'WO-' || WorkOrderID,
    NULL,
    'AdventureWorks',
    ProductID,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL
FROM work_order
WHERE EndDate IS NOT NULL
