-- Technicians by work centre and shift, at the planning moment. Their job title names the centre.
SELECT centre.name AS centre, ShiftID::INTEGER AS shift, any_value(StartTime)[1:5] AS begins, any_value(EndTime)[1:5] AS ends, count(*) AS people
FROM employee
JOIN employment USING (BusinessEntityID)
JOIN shift USING (ShiftID)
JOIN centre ON JobTitle = 'Production Technician - WC' || centre.id
CROSS JOIN period
WHERE CurrentFlag = '1' AND employment.StartDate::DATE <= now AND (employment.EndDate IS NULL OR employment.EndDate::DATE > now)
GROUP BY ALL
