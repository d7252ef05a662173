SELECT 'Make ' || item AS process, step AS name, sequence, hours || ' h' AS time FROM route
