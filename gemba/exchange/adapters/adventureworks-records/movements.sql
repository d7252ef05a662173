-- What the work orders put away and scrapped, at standard cost. The source keeps no record of what they used.
SELECT
    'WO-' || WorkOrderID || '-production' AS uid,
    EndDate::DATE AS at,
    ProductID AS item,
    StockedQty::DOUBLE AS quantity,
    round(StockedQty::DOUBLE * cost, 6) AS value,
    'wip' AS from_kind,
    'WO-' || WorkOrderID AS from_name,
    'store' AS to_kind,
    'AdventureWorks' AS to_name,
    'production' AS cause,
    'WO-' || WorkOrderID AS "order",
    NULL AS reason
FROM work_order
JOIN order_cost ON item = ProductID
WHERE StockedQty::DOUBLE > 0
UNION ALL
SELECT
    'WO-' || WorkOrderID || '-scrap',
    EndDate::DATE,
    ProductID,
    ScrappedQty::DOUBLE,
    round(ScrappedQty::DOUBLE * cost, 6),
    'wip',
    'WO-' || WorkOrderID,
    'scrap',
    r.Name,
    'scrap',
    'WO-' || WorkOrderID,
    r.Name
FROM work_order
JOIN order_cost ON item = ProductID
LEFT JOIN scrap_reason AS r USING (ScrapReasonID)
WHERE ScrappedQty::DOUBLE > 0
