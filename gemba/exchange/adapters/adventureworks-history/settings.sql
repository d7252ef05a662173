-- The planning moment is the first day on which work for a sale starts.
SELECT
    'AdventureWorks history' AS name,
    min(OrderDate::DATE) + $start_delay::INTEGER AS now,
    'USD' AS currency
FROM sales
