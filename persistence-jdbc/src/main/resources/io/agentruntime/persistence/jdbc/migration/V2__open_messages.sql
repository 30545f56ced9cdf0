-- How many messages wait or are being worked on; written with every append.
ALTER TABLE session ADD COLUMN open_messages INTEGER DEFAULT 0 NOT NULL;
CREATE INDEX session_by_open_messages ON session (open_messages, id);

-- What was written before does not say. A session that its server did not give back may have some.
UPDATE session SET open_messages = 1 WHERE lease_owner IS NOT NULL;
