SELECT 'Make ' || assembly AS process, 'Make' AS step, component AS item, quantity FROM current_bom
