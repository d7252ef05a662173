-- Purchase orders approved or complete that were under way at the planning moment.
SELECT
    'PO-' || PurchaseOrderID || '-' || PurchaseOrderDetailID AS name,
    offer.name AS option,
    number AS item,
    'AdventureWorks' AS place,
    l.OrderQty::DOUBLE * content AS quantity,
    OrderDate::DATE AS start,
    DueDate::DATE AS end,
    'started' AS state
FROM purchase_line l
JOIN purchase h USING (PurchaseOrderID)
JOIN offer ON product = l.ProductID AND vendor_id = h.VendorID
CROSS JOIN period
WHERE Status IN ('2', '4') AND OrderDate::DATE < now AND DueDate::DATE >= now AND content IS NOT NULL
