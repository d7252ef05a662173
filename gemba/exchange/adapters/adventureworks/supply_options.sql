SELECT
    'Make ' || item AS name,
    item,
    'AdventureWorks' AS place,
    'make' AS kind,
    'Make ' || item AS process,
    NULL AS supplier,
    NULL AS lead_time,
    0 AS minimum,
    0 AS multiple,
    NULL AS maximum,
    0 AS cost,
    1 AS priority
FROM route
GROUP BY item
UNION ALL
SELECT
    name, number, 'AdventureWorks', 'buy', NULL, vendor, lead_days || ' d',
    coalesce(least * content, 0), coalesce(content, 0), most * content, price / coalesce(content, 1), rank
FROM offer
