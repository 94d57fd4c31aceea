-- projection: applications  revision: 1
-- Where each application stands: one row for each, brought up to date by its every event.
--
-- Times are kept as the events have them, local with the distance from UTC. julianday() reads
-- both, so differences between two of them are right across a change of the clock.

-- setup
-- WITHOUT ROWID, since every change finds its row by a key of text: one tree to search, not two.
CREATE TABLE application (
    application TEXT NOT NULL PRIMARY KEY,
    submitted_at TEXT NOT NULL,
    requested INTEGER,
    -- One of the states in application_step.
    state TEXT NOT NULL,
    -- When a final state was reached, NULL before.
    decided_at TEXT,
    -- How many offers were created, those that were cancelled later included.
    offers INTEGER NOT NULL DEFAULT 0,
    fraud_checked INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    last_number INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    -- Who worked on it last, NULL if no event has said yet.
    last_resource TEXT
) STRICT, WITHOUT ROWID;

-- Answers what is asked most: what is in this state, the longest untouched first.
CREATE INDEX application_by_state ON application (state, last_number);

-- The state machine, as rows: an event of this type puts an application that is not decided into
-- this state. A type without a row changes no state: some repeat what another one says
-- (A_PARTLYSUBMITTED, A_FINALIZED, A_REGISTERED, A_ACTIVATED), some are a step of making or
-- answering an offer (O_SELECTED, O_CREATED, O_ACCEPTED, O_DECLINED).
--
--     submitted --> preaccepted --> accepted <--> offered --> returned
--
-- Cancelling an offer, sent back or not, leads back to accepted, and a new one to offered again.
-- approved, declined and cancelled are final; the last two can follow any state.
CREATE TABLE application_step (
    type TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    is_final INTEGER NOT NULL
) STRICT;

INSERT INTO application_step (type, state, is_final) VALUES
    ('A_PREACCEPTED', 'preaccepted', 0),
    ('A_ACCEPTED', 'accepted', 0),
    ('O_SENT', 'offered', 0),
    ('O_SENT_BACK', 'returned', 0),
    ('O_CANCELLED', 'accepted', 0),
    ('A_APPROVED', 'approved', 1),
    ('A_DECLINED', 'declined', 1),
    ('A_CANCELLED', 'cancelled', 1);

-- on A_SUBMITTED
-- Parts that match the same event run in the order of this file, so the row is there for the ones
-- below when the first event of an application comes.
INSERT INTO application (application, submitted_at, requested, state, last_number, last_at)
VALUES (
    :stream, :data ->> 'occurredAt', :data ->> 'amountRequested', 'submitted',
    :number, :data ->> 'occurredAt'
);

-- on A_*, O_*
-- After a decision come events that tidy up, such as the cancelling of an offer that is still out.
-- They change no state any more.
UPDATE application
SET state = step.state,
    decided_at = CASE WHEN step.is_final THEN :data ->> 'occurredAt' END
FROM application_step AS step
WHERE application.application = :stream
    AND application.decided_at IS NULL
    AND step.type = :type;

-- on O_CREATED
UPDATE application SET offers = offers + 1 WHERE application = :stream;

-- on "W_Beoordelen fraude"
-- A type may have spaces, and stands in double quotes here to show where it begins and ends.
UPDATE application SET fraud_checked = 1 WHERE application = :stream;

-- on A_*, O_*, W_*
-- Everything about an application: what the system did with it (A), with its offers (O), and the
-- work of people (W). A type of another kind, added to the store one day, does not count.
UPDATE application
SET events = events + 1,
    last_number = :number,
    last_at = :data ->> 'occurredAt',
    -- About one event in fifteen does not say who: what is known stays.
    last_resource = coalesce(:data ->> 'resource', last_resource)
WHERE application = :stream;
