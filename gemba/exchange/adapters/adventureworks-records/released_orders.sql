SELECT
    'WO-' || WorkOrderID AS uid,
    StartDate::DATE AS at,
    'WO-' || WorkOrderID AS "order",
    'make' AS kind,
    ProductID AS item,
    'AdventureWorks' AS place,
    OrderQty::DOUBLE AS quantity,
    StartDate::DATE AS start,
    DueDate::DATE AS "end",
    DueDate::DATE AS due
FROM work_order
