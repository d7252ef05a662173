-- The source plans no operation by itself: each has the whole order's time, and its planned hours are its actual ones.
SELECT
    'WO-' || o.WorkOrderID || '-' || o.OperationSequence AS uid,
    ScheduledStartDate::DATE AS at,
    'WO-' || o.WorkOrderID AS "order",
    'Operation ' || OperationSequence AS step,
    OperationSequence::INTEGER AS sequence,
    l.Name AS place,
    ScheduledStartDate::DATE AS start,
    ScheduledEndDate::DATE AS "end",
    ActualResourceHrs::DOUBLE * 3600 AS run,
    w.OrderQty::DOUBLE AS quantity
FROM operation AS o
JOIN location AS l USING (LocationID)
JOIN work_order AS w USING (WorkOrderID)
