-- No times: a work order starts on the day its parent starts.
SELECT DISTINCT 'Make ' || assembly AS process, 'Make' AS name FROM current_bom
