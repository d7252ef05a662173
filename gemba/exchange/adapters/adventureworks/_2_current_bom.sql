-- Lines in force (no end date). Rows without an assembly only mark products that nobody's component is.
SELECT ProductAssemblyID AS assembly, ComponentID AS component, UnitMeasureCode AS unit, sum(PerAssemblyQty::DOUBLE) AS quantity
FROM bom
WHERE EndDate IS NULL AND ProductAssemblyID IS NOT NULL
GROUP BY ALL
