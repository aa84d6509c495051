-- The newest line of each ledger segment that a machine sent: whoever rewrites the ledger there is found out here.
CREATE TABLE spool_heads (
  organisation TEXT NOT NULL REFERENCES organisations (id),
  agent TEXT NOT NULL,
  spool TEXT NOT NULL,
  segment TEXT NOT NULL,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (organisation, agent, spool, segment)
) WITHOUT ROWID;
