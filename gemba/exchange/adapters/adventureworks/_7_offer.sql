-- What vendors offer. Content: how many of the product's own unit an order unit holds; empty where that is not known.
WITH offered AS (
    SELECT
        article.ProductID AS product,
        number,
        v.BusinessEntityID AS vendor_id,
        v.Name || ' (' || v.AccountNumber || ')' AS vendor,
        AverageLeadTime::INTEGER AS lead_days,
        LastReceiptCost::DOUBLE AS price,
        MinOrderQty::DOUBLE AS least,
        MaxOrderQty::DOUBLE AS most,
        CASE
            WHEN o.UnitMeasureCode = unit THEN 1
            WHEN o.UnitMeasureCode = 'DZ' AND unit = 'EA' THEN 12
            WHEN o.UnitMeasureCode = 'GAL' AND unit = 'OZ' THEN 128
        END AS content
    FROM product_vendor o
    JOIN article USING (ProductID)
    JOIN vendor v ON v.BusinessEntityID = o.BusinessEntityID
    WHERE v.ActiveFlag = '1' AND NOT made
)
SELECT
    *,
    'Buy ' || number || ' from ' || vendor AS name,
    row_number() OVER (PARTITION BY product ORDER BY price / coalesce(content, 1), lead_days, vendor_id) AS rank
FROM offered
