SELECT 'AdventureWorks' AS name, 'site' AS kind, NULL AS parent
UNION ALL
SELECT name, 'work centre', 'AdventureWorks' FROM centre
