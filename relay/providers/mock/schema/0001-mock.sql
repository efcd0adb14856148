-- The books of the mock gateway: a foreign company's, so nothing here refers to ours.
-- Times are microseconds UTC, amounts minor units. No card number is ever stored: brand and last four digits only.

-- One row per payment that somebody asked about; number is what the dice are thrown with.
CREATE TABLE visits (
  number    INTEGER PRIMARY KEY,
  account   TEXT NOT NULL,
  reference TEXT NOT NULL,
  begins    INTEGER NOT NULL DEFAULT 0,
  queries   INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account, reference)
) STRICT;

-- Where an account wants its webhooks, and the secret they are signed with.
CREATE TABLE endpoints (
  account TEXT PRIMARY KEY,
  url     TEXT NOT NULL,
  secret  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
  id              TEXT PRIMARY KEY,
  number          INTEGER NOT NULL REFERENCES visits (number),
  account         TEXT NOT NULL,
  reference       TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  currency        TEXT NOT NULL,
  amount          INTEGER NOT NULL CHECK (amount > 0),
  captured        INTEGER,
  state           TEXT NOT NULL,
  brand           TEXT NOT NULL DEFAULT '',
  last4           TEXT NOT NULL DEFAULT '' CHECK (length (last4) IN (0, 4)),
  failure_code    TEXT NOT NULL DEFAULT '',
  description     TEXT NOT NULL,
  return_url      TEXT NOT NULL,
  language        TEXT NOT NULL,
  due_at          INTEGER,                    -- when it turns to succeeded by itself
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  UNIQUE (account, reference),
  UNIQUE (account, idempotency_key)
) STRICT;
CREATE INDEX payments_due ON payments (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE refunds (
  id              TEXT PRIMARY KEY,
  payment_id      TEXT NOT NULL REFERENCES payments (id),
  idempotency_key TEXT NOT NULL,
  amount          INTEGER NOT NULL CHECK (amount > 0),
  state           TEXT NOT NULL CHECK (state IN ('succeeded', 'failed')),
  created_at      INTEGER NOT NULL,
  UNIQUE (payment_id, idempotency_key)
) STRICT;

-- What is to be told, as it was when it happened.
CREATE TABLE events (
  id         TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL REFERENCES payments (id),
  account    TEXT NOT NULL,
  body       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE deliveries (
  id       INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL REFERENCES events (id),
  variant  TEXT NOT NULL CHECK (variant IN ('genuine', 'forged', 'old', 'future')),
  due_at   INTEGER NOT NULL,
  tries    INTEGER NOT NULL DEFAULT 0,
  state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'given_up'))
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due_at, id) WHERE state = 'waiting';
