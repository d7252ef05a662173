SELECT 'AdventureWorks ' || $month AS name, now, '180 d' AS horizon, 'USD' AS currency FROM period
