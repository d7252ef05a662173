SELECT DISTINCT 'Make ' || assembly AS name, assembly AS item, 'AdventureWorks' AS place FROM current_bom
