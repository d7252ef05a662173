-- A work centre's technicians: as many steps at once as there are people on shift.
SELECT
    name,
    'person' AS kind,
    name AS place,
    availability / 24 AS capacity,
    CASE WHEN $capacity = 'people' THEN name || ' crew' END AS capacity_calendar,
    rate AS cost_per_hour
FROM centre
WHERE $capacity IN ('people', 'availability')
