-- API keys, limits that count in the books, keys of secrets at rest.

-- ── Keys of secrets at rest ────────────────────────────────────────────────────────────────────────────────
-- Each merchant's secrets are sealed under a key of its own, and that key stands here wrapped by the key-encryption key,
-- which is never in the database. owner 'relay' holds what all relays on these books share. A retired key still opens
-- what it sealed; a lost one opens nothing any more (its key-encryption key is gone).
CREATE TABLE data_key (
  owner      TEXT NOT NULL,                     -- a merchant's id, or 'relay'
  number     INTEGER NOT NULL CHECK (number >= 1),
  purpose    TEXT NOT NULL CHECK (purpose = 'seal' OR purpose = 'provider-key' OR purpose = 'reference'),
  kek        TEXT NOT NULL CHECK (length (kek) = 16), -- which key-encryption key
  wrapped    BLOB NOT NULL,
  uses       INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0), -- values sealed, as far as told
  state      TEXT NOT NULL CHECK (state = 'current' OR state = 'retired' OR state = 'lost'),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX data_key_current ON data_key (owner, purpose) WHERE state = 'current';
CREATE INDEX data_key_of_kek ON data_key (kek);

-- Changes of the key-encryption key. The newest row names the one that new data keys are wrapped with.
CREATE TABLE key_rotation (
  row         INTEGER PRIMARY KEY,
  to_kek      TEXT NOT NULL CHECK (length (to_kek) = 16),
  state       TEXT NOT NULL CHECK (state = 'running' OR state = 'done'),
  moved       INTEGER NOT NULL DEFAULT 0 CHECK (moved >= 0), -- data keys wrapped anew
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((state = 'done') = (finished_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX key_rotation_running ON key_rotation (state) WHERE state = 'running';

-- ── Limits ─────────────────────────────────────────────────────────────────────────────────────────────────
-- Buckets of the lanes about money where several relays share these books (one relay alone counts in memory). key:
-- SHA-256 of what is limited; tokens in 1/2^20.
CREATE TABLE rate_bucket (
  lane      TEXT NOT NULL,
  key       BLOB NOT NULL CHECK (length (key) = 32),
  tokens    INTEGER NOT NULL,
  filled_at INTEGER NOT NULL,
  PRIMARY KEY (lane, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_bucket_age ON rate_bucket (filled_at);

-- What a merchant has set for itself.
CREATE TABLE merchant_limit (
  merchant_id       TEXT PRIMARY KEY REFERENCES merchant (id),
  attempts_per_hour INTEGER NOT NULL CHECK (attempts_per_hour >= 1)
) STRICT, WITHOUT ROWID;

-- Merchants whose links are being used to test cards: until then, paying takes one step more, and less is allowed.
CREATE TABLE card_testing (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  since       INTEGER NOT NULL,
  until       INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, livemode)
) STRICT, WITHOUT ROWID;
