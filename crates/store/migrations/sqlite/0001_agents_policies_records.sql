CREATE TABLE organisations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  -- Counts changes of agents and policies, so that a replica sees what it has not read yet.
  revision BIGINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  trust_tier TEXT NOT NULL,
  tags TEXT NOT NULL,
  capabilities TEXT NOT NULL,
  metadata TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  revoked_ms BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX agents_active_name ON agents (organisation, name) WHERE revoked_ms IS NULL;

CREATE TABLE agent_keys (
  -- SHA-256 of the key; the key itself is shown once and kept nowhere.
  hash BLOB PRIMARY KEY,
  agent TEXT NOT NULL REFERENCES agents (id),
  -- First characters of the key, by which people tell keys apart.
  hint TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  revoked_ms BIGINT
) WITHOUT ROWID;
CREATE INDEX agent_keys_agent ON agent_keys (agent);

CREATE TABLE policies (
  organisation TEXT NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  -- NULL: deleted in this version.
  yaml TEXT,
  created_ms BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (organisation, name, version)
) WITHOUT ROWID;

CREATE TABLE records (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (id),
  unix_ms BIGINT NOT NULL,
  agent TEXT NOT NULL,
  agent_name TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  decision TEXT NOT NULL,
  enforced BOOLEAN NOT NULL,
  policy TEXT,
  rule TEXT,
  reason TEXT,
  trace TEXT,
  session TEXT,
  -- The redacted record, canonical JSON.
  payload TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX records_newest ON records (organisation, unix_ms DESC, id DESC);
CREATE INDEX records_agent ON records (organisation, agent, decision, unix_ms DESC, id DESC);
CREATE INDEX records_decision ON records (organisation, decision, unix_ms DESC, id DESC);
CREATE INDEX records_trace ON records (organisation, trace) WHERE trace IS NOT NULL;
