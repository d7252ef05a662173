SELECT DISTINCT 'Make ' || item AS name, item, 'AdventureWorks' AS place FROM route
