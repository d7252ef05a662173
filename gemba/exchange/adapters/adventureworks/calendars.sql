SELECT centre || ' crew' AS name, 0 AS value FROM crew GROUP BY centre
