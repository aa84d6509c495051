CREATE TABLE operators (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  -- Argon2id with its salt and its costs, as one text.
  password TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  disabled_ms BIGINT
);
CREATE UNIQUE INDEX operators_active_name ON operators (organisation, name) WHERE disabled_ms IS NULL;

CREATE TABLE operator_sessions (
  -- SHA-256 of what the operator shows.
  hash BYTEA PRIMARY KEY,
  operator TEXT NOT NULL REFERENCES operators (id),
  created_ms BIGINT NOT NULL,
  -- When the password was given last.
  password_ms BIGINT NOT NULL,
  used_ms BIGINT NOT NULL,
  ends_ms BIGINT NOT NULL
);
CREATE INDEX operator_sessions_operator ON operator_sessions (operator);

CREATE TABLE admin_tokens (
  id TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  -- SHA-256 of the token; the token itself is shown once and kept nowhere.
  hash BYTEA NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  rights TEXT NOT NULL,
  -- Whose rights it can never exceed, and the token it was made with.
  operator TEXT REFERENCES operators (id),
  parent TEXT REFERENCES admin_tokens (id),
  created_ms BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  expires_ms BIGINT,
  revoked_ms BIGINT
);
CREATE UNIQUE INDEX admin_tokens_active_name ON admin_tokens (organisation, name) WHERE revoked_ms IS NULL;
CREATE INDEX admin_tokens_parent ON admin_tokens (parent) WHERE parent IS NOT NULL;
