-- The order in which records were stored: whoever follows them live goes by it. Several gateways write at a time, so a number alone
-- can become visible behind a greater one; a transaction's number cannot, once every smaller one has ended.
ALTER TABLE records ADD COLUMN tx XID8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE records ADD COLUMN seq BIGINT GENERATED ALWAYS AS IDENTITY;
CREATE INDEX records_stored ON records (organisation, tx, seq);

-- Traces and sessions are found newest first, like all else.
DROP INDEX records_trace;
CREATE INDEX records_trace ON records (organisation, trace, unix_ms DESC, id DESC) WHERE trace IS NOT NULL;
CREATE INDEX records_session ON records (organisation, session, unix_ms DESC, id DESC) WHERE session IS NOT NULL;
