-- The order in which records were stored: whoever follows them live goes by it. A record's own time is older than its commit.
CREATE TABLE record_order (
  seq INTEGER PRIMARY KEY,
  record TEXT NOT NULL
);
INSERT INTO record_order (record) SELECT id FROM records ORDER BY unix_ms, id;
CREATE TRIGGER records_in_order AFTER INSERT ON records BEGIN
  INSERT INTO record_order (record) VALUES (NEW.id);
END;

-- Traces and sessions are found newest first, like all else; without the time in the index SQLite walks through all records instead.
DROP INDEX records_trace;
CREATE INDEX records_trace ON records (organisation, trace, unix_ms DESC, id DESC) WHERE trace IS NOT NULL;
CREATE INDEX records_session ON records (organisation, session, unix_ms DESC, id DESC) WHERE session IS NOT NULL;
