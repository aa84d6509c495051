-- The order in which records were stored: whoever follows them live goes by it. A record's own time is older than its commit.
CREATE TABLE record_order (
  seq INTEGER PRIMARY KEY,
  record TEXT NOT NULL
);
INSERT INTO record_order (record) SELECT id FROM records ORDER BY unix_ms, id;
CREATE TRIGGER records_in_order AFTER INSERT ON records BEGIN
  INSERT INTO record_order (record) VALUES (NEW.id);
END;
