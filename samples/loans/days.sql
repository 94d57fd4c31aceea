-- projection: days  revision: 1
-- How many applications were submitted, approved, declined and cancelled on each working day.
--
-- The day of an event is the calendar day in its own local time, the first ten characters of
-- occurredAt: neither the time zone of this machine nor UTC has a say. Working days are Monday to
-- Friday. What happens on a Saturday or Sunday counts for the Monday after, so that the sums over
-- all rows are the sums over all events. Public holidays are working days here: a list of them
-- would be one more thing to agree on. A day on which nothing happened has no row.

-- setup
CREATE TABLE day (
    day TEXT NOT NULL PRIMARY KEY,
    submitted INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    declined INTEGER NOT NULL,
    cancelled INTEGER NOT NULL
) STRICT;

-- on A_SUBMITTED, A_APPROVED, A_DECLINED, A_CANCELLED
-- One statement for four types: a comparison is 1 or 0, so each event adds 1 to its own column.
-- date() of what is no date is NULL, which the table refuses. WHERE true keeps the ON of the
-- upsert from being read as the ON of a join.
INSERT INTO day (day, submitted, approved, declined, cancelled)
SELECT
    CASE
        WHEN strftime('%w', local) IN ('0', '6') THEN date(local, 'weekday 1')
        ELSE date(local)
    END,
    :type = 'A_SUBMITTED',
    :type = 'A_APPROVED',
    :type = 'A_DECLINED',
    :type = 'A_CANCELLED'
FROM (SELECT substr(:data ->> 'occurredAt', 1, 10) AS local)
WHERE true
ON CONFLICT (day) DO UPDATE SET
    submitted = submitted + excluded.submitted,
    approved = approved + excluded.approved,
    declined = declined + excluded.declined,
    cancelled = cancelled + excluded.cancelled;
