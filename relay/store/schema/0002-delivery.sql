-- Outgoing webhooks: endpoints, one delivery per (event, endpoint), every try of it.
CREATE TABLE endpoint (
  merchant_id     TEXT NOT NULL REFERENCES merchant (id),
  id              TEXT NOT NULL,
  livemode        INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  url             TEXT NOT NULL CHECK (url <> ''),
  types           TEXT NOT NULL,                    -- '*', or event types between blanks
  policy          TEXT NOT NULL CHECK (policy IN ('exponential', 'linear', 'polynomial')),
  is_active       INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  disabled_reason TEXT NOT NULL DEFAULT '' CHECK (disabled_reason IN ('', 'merchant', 'gone', 'failing', 'deleted')),
  reason_before   TEXT NOT NULL DEFAULT '',         -- deleted: the reason until then; '': it was active
  sealed          BLOB NOT NULL,                    -- the secret
  old_sealed      BLOB,                             -- the one before signs, too, …
  old_until       INTEGER,                          -- … until then
  since           INTEGER NOT NULL,                 -- events after this sequence are for it
  failures        INTEGER NOT NULL DEFAULT 0,       -- in a row
  failing_since   INTEGER,
  opened          INTEGER NOT NULL DEFAULT 0,       -- how often in a row its breaker opened; 0: closed
  pause_until     INTEGER,                          -- nothing is sent before
  next_at         INTEGER,                          -- when it is looked at again; null: nothing waits
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, id),
  CHECK ((is_active = 1) = (disabled_reason = '')),
  CHECK (is_active = 1 OR next_at IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX endpoint_reads ON endpoint (merchant_id, livemode) WHERE is_active = 1;
CREATE INDEX endpoint_due ON endpoint (next_at) WHERE next_at IS NOT NULL;

-- Written in the transaction of the event.
CREATE TABLE delivery (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL,
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  id          TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  event_id    TEXT NOT NULL,
  type        TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'delivered', 'retry', 'exhausted', 'cancelled')),
  attempt     INTEGER NOT NULL DEFAULT 0,           -- how often it was taken: only who took it last may end it
  tries       INTEGER NOT NULL DEFAULT 0,           -- how often it was sent
  step        INTEGER NOT NULL DEFAULT 0,           -- how often in vain since began_at
  began_at    INTEGER NOT NULL,                     -- when the schedule began: the event, or its replay
  next_at     INTEGER,                              -- when it is due, unless it is leased or at rest
  lease_until INTEGER,
  worker      TEXT,
  last_status INTEGER,
  last_error  TEXT NOT NULL DEFAULT '',
  traceparent TEXT,                                 -- what caused it: W3C trace context
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (merchant_id, id),
  UNIQUE (merchant_id, endpoint_id, sequence),
  FOREIGN KEY (merchant_id, livemode, sequence) REFERENCES event (merchant_id, livemode, sequence),
  FOREIGN KEY (merchant_id, endpoint_id) REFERENCES endpoint (merchant_id, id),
  CHECK ((state IN ('pending', 'retry')) = (next_at IS NOT NULL)),
  CHECK ((state = 'leased') = (lease_until IS NOT NULL))
) STRICT;
CREATE INDEX delivery_due ON delivery (merchant_id, endpoint_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_leased ON delivery (merchant_id, endpoint_id) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_expiring ON delivery (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX delivery_of_merchant ON delivery (merchant_id, livemode, row);
CREATE INDEX delivery_dead ON delivery (merchant_id, livemode, row) WHERE state = 'exhausted';

-- What was sent when, and what came back.
CREATE TABLE delivery_attempt (
  merchant_id TEXT NOT NULL,
  delivery_id TEXT NOT NULL,
  number      INTEGER NOT NULL CHECK (number >= 1),
  started_at  INTEGER NOT NULL,
  duration    INTEGER NOT NULL CHECK (duration >= 0), -- microseconds
  status      INTEGER,                              -- null: no answer
  error       TEXT NOT NULL,
  headers     TEXT NOT NULL DEFAULT '' CHECK (length (headers) <= 1024), -- of the answer, a line each
  answer      BLOB NOT NULL CHECK (length (answer) <= 1024),
  PRIMARY KEY (merchant_id, delivery_id, number),
  FOREIGN KEY (merchant_id, delivery_id) REFERENCES delivery (merchant_id, id)
) STRICT, WITHOUT ROWID;
