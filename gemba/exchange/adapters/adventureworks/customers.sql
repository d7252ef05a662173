SELECT DISTINCT Channel AS name FROM sales
