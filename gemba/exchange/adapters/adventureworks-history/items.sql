SELECT
    ProductID AS name,
    Name AS description,
    CASE WHEN FinishedGoodsFlag = '1' THEN 'product' WHEN MakeFlag = '1' THEN 'component' ELSE 'material' END AS kind,
    StandardCost::DOUBLE AS cost,
    ListPrice::DOUBLE AS price
FROM product
