SELECT DISTINCT vendor AS name FROM offer
