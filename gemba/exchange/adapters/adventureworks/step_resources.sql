SELECT 'Make ' || item AS process, step, centre AS resource FROM route WHERE centre IS NOT NULL
