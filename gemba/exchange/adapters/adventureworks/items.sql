SELECT
    number AS name,
    article.Name AS description,
    CASE WHEN FinishedGoodsFlag = '1' THEN 'product' WHEN made THEN 'component' ELSE 'material' END AS kind,
    subcategory.Name AS family,
    CASE unit WHEN 'EA' THEN 'pc' ELSE lower(unit) END AS unit,
    StandardCost::DOUBLE AS cost,
    ListPrice::DOUBLE AS price
FROM article LEFT JOIN subcategory USING (ProductSubcategoryID)
