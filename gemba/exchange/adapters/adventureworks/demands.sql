-- Due at the end of the due date.
SELECT
    'SO-' || SalesOrderID || '-' || LineNumber AS name,
    number AS item,
    'AdventureWorks' AS place,
    OrderQty::DOUBLE AS quantity,
    DueDate::DATE + 1 AS due,
    Channel AS customer,
    UnitPrice::DOUBLE AS price
FROM sales JOIN article USING (ProductID) CROSS JOIN period
WHERE OrderDate::DATE >= first_day AND OrderDate::DATE < end_day
