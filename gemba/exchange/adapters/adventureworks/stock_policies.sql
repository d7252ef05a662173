-- Only of what is made or can be bought; made products in daily lots.
SELECT
    number AS item,
    'AdventureWorks' AS place,
    CASE WHEN $stock = 'count' THEN SafetyStockLevel::DOUBLE ELSE 0 END AS safety_stock,
    CASE WHEN made THEN '1 d' ELSE $buy_days || ' d' END AS period
FROM article
WHERE made OR ProductID IN (SELECT product FROM offer)
