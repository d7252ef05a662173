-- The month and the planning moment.
SELECT
    strptime($month, '%Y-%m')::DATE AS first_day,
    (strptime($month, '%Y-%m') + INTERVAL 1 MONTH)::DATE AS end_day,
    strptime($month, '%Y-%m')::DATE - $notice::INTEGER AS now
