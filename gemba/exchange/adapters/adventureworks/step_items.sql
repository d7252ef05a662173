-- Components go in at the first step.
WITH first AS (SELECT id, item, arg_min(step, sequence) AS step FROM route GROUP BY ALL)
SELECT 'Make ' || first.item AS process, first.step, number AS item, quantity
FROM current_bom
JOIN first ON assembly = first.id
JOIN article ON component = article.ProductID
