SELECT number AS item, 'AdventureWorks' AS place, sum(Quantity::DOUBLE) AS quantity
FROM inventory JOIN article USING (ProductID)
WHERE $stock = 'count'
GROUP BY number
