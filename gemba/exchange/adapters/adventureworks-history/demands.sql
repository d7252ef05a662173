-- All sales of a product on a day are one demand, due when their work orders start.
SELECT
    ProductID || ' ' || OrderDate AS name,
    ProductID AS item,
    'AdventureWorks' AS place,
    sum(OrderQty::DOUBLE) AS quantity,
    OrderDate::DATE + $start_delay::INTEGER AS due
FROM sales
GROUP BY ProductID, OrderDate
