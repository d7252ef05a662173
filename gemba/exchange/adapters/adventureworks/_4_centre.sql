-- Work centres: locations where work was reported, with their hours for one operation (a constant of the location).
SELECT
    location.LocationID AS id,
    'WC' || location.LocationID || ' ' || any_value(Name) AS name,
    any_value(CostRate)::DOUBLE AS rate,
    any_value(Availability)::DOUBLE AS availability,
    mode(ActualResourceHrs::DOUBLE) AS hours
FROM routing JOIN location USING (LocationID)
GROUP BY location.LocationID
