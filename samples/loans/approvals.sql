-- projection: approvals  revision: 1
-- What was asked for, and when it was approved: one row for each application. approved_at is NULL
-- for as long as the application is not approved, which most never are.

-- setup
CREATE TABLE approval (
    application TEXT NOT NULL PRIMARY KEY,
    requested INTEGER,
    approved_at TEXT
) STRICT;

-- on A_SUBMITTED
-- An application is submitted once. A second time would break the primary key, and a projection
-- that stops is better than one that forgets the first amount.
INSERT INTO approval (application, requested)
VALUES (:stream, :data ->> 'amountRequested');

-- on A_APPROVED
UPDATE approval SET approved_at = :data ->> 'occurredAt' WHERE application = :stream;
