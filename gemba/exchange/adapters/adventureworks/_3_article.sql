-- Products with the number they go by, and the unit they are counted in.
WITH counted AS (SELECT component, min(unit) AS unit FROM current_bom GROUP BY component)
SELECT product.*, ProductNumber AS number, coalesce(counted.unit, 'EA') AS unit, ProductID IN (SELECT assembly FROM current_bom) AS made
FROM product LEFT JOIN counted ON component = ProductID
