-- What each product is worth.
SELECT ProductID AS item, StandardCost::DOUBLE AS cost FROM product
