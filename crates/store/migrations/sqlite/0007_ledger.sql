-- The chain over all records: where it ends, and the batches in which records were sealed, with salt and leaf of each.
CREATE TABLE ledger_heads (
  organisation TEXT NOT NULL PRIMARY KEY REFERENCES organisations (id),
  segment TEXT NOT NULL,
  opened_ms BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  place_tx BIGINT NOT NULL,
  place_seq BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE ledger_batches (
  organisation TEXT NOT NULL REFERENCES organisations (id),
  last_seq BIGINT NOT NULL,
  before_hash TEXT NOT NULL,
  lines TEXT NOT NULL,
  PRIMARY KEY (organisation, last_seq)
);
