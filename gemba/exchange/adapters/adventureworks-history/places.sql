SELECT 'AdventureWorks' AS name, 'site' AS kind
