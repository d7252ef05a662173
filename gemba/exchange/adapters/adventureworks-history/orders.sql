-- The work orders of the past, all finished: what the explosion of the sales should give.
SELECT
    'WO-' || WorkOrderID AS name,
    CASE WHEN ProductID IN (SELECT assembly FROM current_bom) THEN 'Make ' || ProductID END AS process,
    ProductID AS item,
    'AdventureWorks' AS place,
    OrderQty::DOUBLE AS quantity,
    StartDate::DATE AS start,
    EndDate::DATE AS end,
    'done' AS state
FROM work_order
