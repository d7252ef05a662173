SELECT
    'SO-' || SalesOrderID || '-' || LineNumber AS uid,
    ShipDate::DATE AS at,
    'SO-' || SalesOrderID || '-' || LineNumber AS demand,
    ProductID AS item,
    'AdventureWorks' AS place,
    Channel AS customer,
    OrderQty::DOUBLE AS quantity,
    OrderQty::DOUBLE AS ordered,
    UnitPrice::DOUBLE * (1 - UnitPriceDiscount::DOUBLE) AS price,
    round(OrderQty::DOUBLE * cost, 6) AS value,
    DueDate::DATE AS due
FROM sales
JOIN order_cost ON item = ProductID
WHERE ShipDate IS NOT NULL
