-- The relay's books, first schema.
--
-- Money is whole minor units beside a currency code; times are microseconds since 1970 in UTC; enums are their wire names.
-- The merchant's id leads every key and every foreign key is a pair with it, so a child row can only belong to its parent's
-- merchant (I9). What happened (facts, ledger, events) is never changed or deleted: triggers say no (I4). Cached sums on a
-- link are recomputed by `cobro-relay audit` (I1).
--
-- Lists of words are checked with OR: for IN with three words or more SQLite builds a table of its own at every insert.

-- Who has had the books open: a row each. One without an end that nobody holds any more was killed.
CREATE TABLE life (
  row       INTEGER PRIMARY KEY,
  program   TEXT NOT NULL,
  host      TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  clean     INTEGER CHECK (clean IN (0, 1)),
  CHECK ((closed_at IS NULL) = (clean IS NULL))
) STRICT;

-- ── Who ────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE merchant (
  id                TEXT PRIMARY KEY,
  rev               INTEGER NOT NULL CHECK (rev >= 1),
  name              TEXT NOT NULL,
  email             TEXT NOT NULL,
  website           TEXT NOT NULL,
  support           TEXT NOT NULL,
  accent            TEXT NOT NULL,
  locale            TEXT NOT NULL,
  currency          TEXT NOT NULL,
  time_zone         TEXT NOT NULL,
  refund_duplicates INTEGER NOT NULL CHECK (refund_duplicates IN (0, 1)),
  papers            TEXT NOT NULL DEFAULT '{}', -- what stands on documents (seller, bank, taxes, numbering …): JSON
  edited            TEXT,                       -- the desktops' edit times, JSON we do not look into
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A paired desktop. last_seq: number of the last operation it pushed.
CREATE TABLE device (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  id          TEXT NOT NULL,
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  name        TEXT NOT NULL,
  last_seq    INTEGER NOT NULL DEFAULT 0 CHECK (last_seq >= 0),
  paired_at   INTEGER NOT NULL,
  revoked_at  INTEGER,
  PRIMARY KEY (merchant_id, id)
) STRICT, WITHOUT ROWID;

-- API keys and device keys: the public id finds the row, SHA-256 of the secret proves it.
CREATE TABLE api_key (
  id          TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  hash        BLOB NOT NULL CHECK (length (hash) = 32),
  name        TEXT NOT NULL,
  scopes      TEXT NOT NULL,
  networks    TEXT,                             -- CIDRs separated by blanks; null: from everywhere
  device_id   TEXT,
  created_by  TEXT NOT NULL,                    -- a key's or device's id, 'operator', 'pairing'
  successor   TEXT,                             -- id of the key that follows it
  used_on     INTEGER,                          -- the last day of use, days since 1970
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER,
  revoked_at  INTEGER,
  FOREIGN KEY (merchant_id, device_id) REFERENCES device (merchant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_of_merchant ON api_key (merchant_id, device_id);

-- Pairing codes: the first group finds the row, the hash of the whole proves it, wrong tries are counted.
CREATE TABLE pair_code (
  finder      TEXT PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  hash        BLOB NOT NULL CHECK (length (hash) = 32),
  tries       INTEGER NOT NULL DEFAULT 0,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  spent_at    INTEGER
) STRICT, WITHOUT ROWID;

-- Accounts at payment providers. sealed: settings and webhook secrets as JSON under the relay's key.
CREATE TABLE account (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  id          TEXT NOT NULL UNIQUE CHECK (length (id) = 32),
  provider    TEXT NOT NULL,
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  enabled     INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  position    INTEGER NOT NULL DEFAULT 0,       -- the merchant's preference: least first
  rules       TEXT,                             -- what it is used for, as JSON; null: everything
  notice      TEXT NOT NULL DEFAULT '',         -- what the provider last had to tell the merchant, in words
  sealed      BLOB NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (merchant_id, id),
  UNIQUE (merchant_id, livemode, provider)
) STRICT;

CREATE TABLE customer (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  id          TEXT NOT NULL,
  rev         INTEGER NOT NULL CHECK (rev >= 1),
  document    TEXT NOT NULL,                    -- as it travels
  edited      TEXT,
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, id)
) STRICT, WITHOUT ROWID;

-- ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE link (
  row                INTEGER PRIMARY KEY,
  merchant_id        TEXT NOT NULL REFERENCES merchant (id),
  id                 TEXT NOT NULL,
  livemode           INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  rev                INTEGER NOT NULL CHECK (rev >= 1),
  -- the merchant's decisions
  title              TEXT NOT NULL,
  description        TEXT NOT NULL,
  reference          TEXT NOT NULL,
  currency           TEXT NOT NULL CHECK (length (currency) = 3),
  pricing            TEXT NOT NULL CHECK (pricing = 'fixed' OR pricing = 'open' OR pricing = 'lines'),
  amount             INTEGER,
  minimum            INTEGER,
  maximum            INTEGER,
  preset             INTEGER,
  usage              TEXT NOT NULL CHECK (usage = 'single' OR usage = 'limited' OR usage = 'unlimited'),
  usage_limit        INTEGER NOT NULL,
  not_before         INTEGER,
  expires_at         INTEGER,
  methods            INTEGER NOT NULL,          -- bits
  partial            TEXT NOT NULL CHECK (partial = 'off' OR partial = 'on' OR partial = 'plan'),
  minimum_first      INTEGER,
  collect            INTEGER NOT NULL,          -- bits
  invoice_id         TEXT,                      -- the invoice that is paid by it
  customer_id        TEXT,
  customer_name      TEXT NOT NULL,
  customer_email     TEXT NOT NULL,
  locale             TEXT NOT NULL,
  after_message      TEXT NOT NULL,
  after_redirect_url TEXT NOT NULL,
  closed_message     TEXT NOT NULL,
  decision           TEXT NOT NULL CHECK (decision = 'draft' OR decision = 'active' OR decision = 'paused' OR
                                          decision = 'cancelled'),
  extras             TEXT,                      -- lines, fields, parts, gateways, metadata as JSON; null when there are none
  edited             TEXT,                      -- the desktops' edit times, JSON we do not look into
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  -- the token: its whole hash, and itself under the relay's key
  token_hash         BLOB NOT NULL CHECK (length (token_hash) = 32),
  token_sealed       BLOB NOT NULL,
  -- what happened: sums over payments, refunds and disputes, kept in the transaction that changes them
  paid               INTEGER NOT NULL DEFAULT 0 CHECK (paid >= 0),
  refunded           INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  lost               INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0),
  uses               INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0),
  open_attempts      INTEGER NOT NULL DEFAULT 0 CHECK (open_attempts >= 0),
  processing         INTEGER NOT NULL DEFAULT 0 CHECK (processing >= 0),
  attempts           INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  last_failed        INTEGER NOT NULL DEFAULT 0 CHECK (last_failed IN (0, 1)),
  flags              INTEGER NOT NULL DEFAULT 0,
  newest_payment     INTEGER NOT NULL DEFAULT 0, -- row of the newest attempt
  slots_given        INTEGER NOT NULL DEFAULT 0, -- highest slot ever leased
  version            INTEGER NOT NULL DEFAULT 1, -- grows with everything its page shows
  expiry_told        INTEGER NOT NULL DEFAULT 0 CHECK (expiry_told IN (0, 1)),
  UNIQUE (merchant_id, id)
) STRICT;
CREATE UNIQUE INDEX link_by_reference ON link (merchant_id, livemode, reference) WHERE reference <> '';
CREATE INDEX link_expiring ON link (expires_at) WHERE expires_at IS NOT NULL AND expiry_told = 0;

-- Token → link, for live and replaced tokens. Random keys are what a big table pays for: 16 bytes of the hash find the row, the
-- other 16 are compared afterwards in constant time.
CREATE TABLE token (
  prefix   BLOB PRIMARY KEY CHECK (length (prefix) = 16),
  rest     BLOB NOT NULL CHECK (length (rest) = 16),
  link     INTEGER NOT NULL REFERENCES link (row),
  replaced INTEGER NOT NULL DEFAULT 0 CHECK (replaced IN (0, 1))
) STRICT, WITHOUT ROWID;

-- ── Payments ───────────────────────────────────────────────────────────────────────────────────────────────
-- Which state may follow which: cobro_payment_step() in words of the database (I5). A test compares the two.
CREATE TABLE payment_transition (
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;
INSERT INTO payment_transition (from_state, to_state) VALUES
  ('created', 'pending'), ('created', 'requires_action'), ('created', 'processing'), ('created', 'unknown'),
  ('created', 'failed'), ('created', 'cancelled'), ('created', 'succeeded'),
  ('pending', 'requires_action'), ('pending', 'processing'), ('pending', 'unknown'), ('pending', 'failed'),
  ('pending', 'cancelled'), ('pending', 'succeeded'),
  ('requires_action', 'processing'), ('requires_action', 'unknown'), ('requires_action', 'failed'),
  ('requires_action', 'cancelled'), ('requires_action', 'succeeded'),
  ('processing', 'unknown'), ('processing', 'failed'), ('processing', 'cancelled'), ('processing', 'succeeded'),
  ('unknown', 'failed'), ('unknown', 'cancelled'), ('unknown', 'succeeded'),
  ('failed', 'cancelled'), ('failed', 'succeeded'),
  ('cancelled', 'succeeded');

-- One attempt to pay.
CREATE TABLE payment (
  row                 INTEGER PRIMARY KEY,
  merchant_id         TEXT NOT NULL REFERENCES merchant (id),
  id                  TEXT NOT NULL,
  link_id             TEXT,
  livemode            INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  currency            TEXT NOT NULL CHECK (length (currency) = 3),
  amount              INTEGER NOT NULL CHECK (amount > 0),   -- asked
  received            INTEGER CHECK (received >= 0),         -- captured, as the provider says; in the same currency
  refunded            INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0),
  lost                INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0),
  state               TEXT NOT NULL CHECK (state = 'created' OR state = 'pending' OR state = 'requires_action' OR
                                           state = 'processing' OR state = 'unknown' OR state = 'failed' OR
                                           state = 'cancelled' OR state = 'succeeded'),
  flags               INTEGER NOT NULL DEFAULT 0,
  dispute_due         INTEGER,                        -- disputed: until when it is to be answered
  second_of           TEXT NOT NULL DEFAULT '', -- a second charge for this payment, taken over to be given back
  gateway             TEXT NOT NULL,
  account             TEXT NOT NULL,
  provider_payment_id TEXT NOT NULL DEFAULT '',
  charge_id           TEXT NOT NULL DEFAULT '', -- of what holds the money, where that is another object
  receipt             TEXT NOT NULL DEFAULT '', -- what the payer's receipt there calls it
  idempotency_key     TEXT NOT NULL DEFAULT '',
  metadata            TEXT,
  payer_name          TEXT NOT NULL,
  payer_email         TEXT NOT NULL,
  payer_phone         TEXT NOT NULL,
  payer_fields        TEXT,
  method              TEXT NOT NULL,
  method_detail       TEXT NOT NULL DEFAULT '',
  failure_code        TEXT NOT NULL DEFAULT '',
  failure_message     TEXT NOT NULL DEFAULT '',
  quantities          TEXT NOT NULL DEFAULT '',
  -- the slot: which use of the link it pays for, and whether it keeps others from that use
  slot                INTEGER CHECK (slot >= 1),
  leased              INTEGER NOT NULL CHECK (leased IN (0, 1)),
  lease_until         INTEGER,
  next_poll_at        INTEGER,
  polls               INTEGER NOT NULL DEFAULT 0,
  -- the payer's way on
  payer               BLOB NOT NULL CHECK (length (payer) = 32),
  next                INTEGER NOT NULL DEFAULT 0,
  next_url            TEXT NOT NULL DEFAULT '',
  next_sealed         BLOB,                     -- client secret and what belongs to it, under the relay's key
  next_details        TEXT,                     -- what the payer is told to do, as a JSON object of strings
  created_at          INTEGER NOT NULL,
  updated_at          INTEGER NOT NULL,
  succeeded_at        INTEGER,
  UNIQUE (merchant_id, id),
  FOREIGN KEY (merchant_id, link_id) REFERENCES link (merchant_id, id),
  FOREIGN KEY (merchant_id, account) REFERENCES account (merchant_id, id),
  CHECK ((state = 'succeeded') = (received IS NOT NULL)),
  CHECK (leased = 0 OR slot IS NOT NULL)
) STRICT;
-- Nobody pays a use that somebody else is paying or has paid: the race for a slot is decided here.
CREATE UNIQUE INDEX payment_lease ON payment (merchant_id, link_id, slot) WHERE leased = 1;
CREATE INDEX payment_of_link ON payment (merchant_id, link_id, row);
CREATE UNIQUE INDEX payment_by_object ON payment (gateway, account, livemode, provider_payment_id)
  WHERE provider_payment_id <> '';
CREATE UNIQUE INDEX payment_by_charge ON payment (gateway, account, livemode, charge_id) WHERE charge_id <> '';
CREATE INDEX payment_due ON payment (next_poll_at) WHERE next_poll_at IS NOT NULL;

CREATE TRIGGER payment_begins_as_created BEFORE INSERT ON payment WHEN NEW.state <> 'created'
BEGIN SELECT RAISE (ABORT, 'a payment begins as created'); END;
CREATE TRIGGER payment_moves_by_the_table BEFORE UPDATE OF state ON payment
WHEN OLD.state <> NEW.state AND NOT EXISTS (
  SELECT 1 FROM payment_transition WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN SELECT RAISE (ABORT, 'no such transition of a payment'); END;
CREATE TRIGGER payment_keeps_what_was_asked BEFORE UPDATE OF merchant_id, id, link_id, livemode, currency, amount, account, gateway
ON payment WHEN OLD.merchant_id <> NEW.merchant_id OR OLD.id <> NEW.id OR OLD.link_id IS NOT NEW.link_id
  OR OLD.livemode <> NEW.livemode OR OLD.currency <> NEW.currency OR OLD.amount <> NEW.amount
  OR OLD.account <> NEW.account OR OLD.gateway <> NEW.gateway
BEGIN SELECT RAISE (ABORT, 'what was asked of a payment does not change'); END;
CREATE TRIGGER payment_is_kept BEFORE DELETE ON payment
BEGIN SELECT RAISE (ABORT, 'a payment is never deleted'); END;

-- Calls to providers. Rows of begin, cancel and refund are committed before the call leaves (I12).
CREATE TABLE attempt (
  row           INTEGER PRIMARY KEY,
  merchant_id   TEXT NOT NULL,
  payment_id    TEXT NOT NULL,
  number        INTEGER NOT NULL CHECK (number >= 1),
  kind          TEXT NOT NULL CHECK (kind = 'begin' OR kind = 'query' OR kind = 'cancel' OR kind = 'refund'),
  refund_id     TEXT,
  outcome       TEXT NOT NULL CHECK (outcome = 'prepared' OR outcome = 'sent' OR outcome = 'answered' OR
                                     outcome = 'refused' OR outcome = 'no_answer' OR outcome = 'not_found' OR
                                     outcome = 'lost'),
  provider_key  TEXT NOT NULL,
  error_code    TEXT NOT NULL DEFAULT '',
  error_message TEXT NOT NULL DEFAULT '',
  started_at    INTEGER NOT NULL,
  finished_at   INTEGER,
  UNIQUE (merchant_id, payment_id, number),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payment (merchant_id, id)
) STRICT;
CREATE INDEX attempt_open ON attempt (started_at) WHERE outcome IN ('prepared', 'sent');

-- ── Facts and money ────────────────────────────────────────────────────────────────────────────────────────
-- What providers told us. payment_id is null where it could not be bound (quarantine).
CREATE TABLE fact (
  row                 INTEGER PRIMARY KEY,
  merchant_id         TEXT NOT NULL REFERENCES merchant (id),
  provider            TEXT NOT NULL,
  account             TEXT NOT NULL,
  livemode            INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  event_id            TEXT NOT NULL CHECK (event_id <> ''),
  source              TEXT NOT NULL CHECK (source = 'answer' OR source = 'webhook' OR source = 'janitor' OR
                                                    source = 'merchant'),
  kind                TEXT NOT NULL,
  payment_id          TEXT,
  provider_payment_id TEXT NOT NULL,
  charge_id           TEXT NOT NULL,
  receipt             TEXT NOT NULL,
  reference           TEXT NOT NULL,
  amount              INTEGER,
  currency            TEXT NOT NULL,
  refund_id           TEXT NOT NULL,
  failure_code        TEXT NOT NULL,
  failure_message     TEXT NOT NULL,
  method_detail       TEXT NOT NULL,
  verdict             TEXT NOT NULL CHECK (verdict = 'applied' OR verdict = 'no_change' OR verdict = 'quarantined'),
  reason              TEXT NOT NULL,
  occurred_at         INTEGER,
  due_at              INTEGER,                                -- dispute: until when it is to be answered
  recorded_at         INTEGER NOT NULL,
  UNIQUE (provider, account, livemode, event_id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payment (merchant_id, id),
  FOREIGN KEY (merchant_id, account) REFERENCES account (merchant_id, id)
) STRICT;
CREATE INDEX fact_of_payment ON fact (merchant_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE TRIGGER fact_is_not_changed BEFORE UPDATE ON fact
BEGIN SELECT RAISE (ABORT, 'a fact is never changed'); END;
CREATE TRIGGER fact_is_kept BEFORE DELETE ON fact
BEGIN SELECT RAISE (ABORT, 'a fact is never deleted'); END;

-- Money that moved: in is positive, out negative. source: the event id of the fact that said so.
CREATE TABLE ledger (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL,
  link_id     TEXT,
  payment_id  TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind = 'payment' OR kind = 'refund' OR kind = 'dispute'),
  amount      INTEGER NOT NULL CHECK (amount <> 0),
  currency    TEXT NOT NULL CHECK (length (currency) = 3),
  source      TEXT NOT NULL CHECK (source <> ''),
  booked_at   INTEGER NOT NULL,
  UNIQUE (merchant_id, payment_id, kind, source),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payment (merchant_id, id)
) STRICT;
CREATE TRIGGER ledger_is_not_changed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE (ABORT, 'the ledger is never changed'); END;
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON ledger
BEGIN SELECT RAISE (ABORT, 'the ledger is never shortened'); END;

CREATE TABLE refund (
  row                INTEGER PRIMARY KEY,
  merchant_id        TEXT NOT NULL,
  id                 TEXT NOT NULL,
  payment_id         TEXT NOT NULL,
  livemode           INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  currency           TEXT NOT NULL CHECK (length (currency) = 3),
  amount             INTEGER NOT NULL CHECK (amount > 0),
  state              TEXT NOT NULL CHECK (state = 'pending' OR state = 'succeeded' OR state = 'failed'),
  origin             TEXT NOT NULL CHECK (origin = 'merchant' OR origin = 'automatic' OR origin = 'provider'),
  reason             TEXT NOT NULL,
  account            TEXT NOT NULL,
  gateway            TEXT NOT NULL,
  provider_refund_id TEXT NOT NULL DEFAULT '',
  failure_message    TEXT NOT NULL DEFAULT '',
  next_try_at        INTEGER,
  tries              INTEGER NOT NULL DEFAULT 0,
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  UNIQUE (merchant_id, id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payment (merchant_id, id)
) STRICT;
CREATE INDEX refund_of_payment ON refund (merchant_id, payment_id, row);
CREATE UNIQUE INDEX refund_by_object ON refund (gateway, account, livemode, provider_refund_id) WHERE provider_refund_id <> '';
CREATE INDEX refund_due ON refund (next_try_at) WHERE next_try_at IS NOT NULL;

CREATE TRIGGER refund_moves_forward BEFORE UPDATE OF state ON refund
WHEN OLD.state <> NEW.state AND NOT (OLD.state = 'pending' OR (OLD.state = 'failed' AND NEW.state = 'succeeded'))
BEGIN SELECT RAISE (ABORT, 'no such transition of a refund'); END;
CREATE TRIGGER refund_is_kept BEFORE DELETE ON refund
BEGIN SELECT RAISE (ABORT, 'a refund is never deleted'); END;
-- I2: what is refunded or on its way back never exceeds what came in.
CREATE TRIGGER refund_fits_when_made AFTER INSERT ON refund WHEN
  (SELECT sum (amount) FROM refund WHERE merchant_id = NEW.merchant_id AND payment_id = NEW.payment_id AND state <> 'failed') >
  (SELECT coalesce (received, 0) FROM payment WHERE merchant_id = NEW.merchant_id AND id = NEW.payment_id)
BEGIN SELECT RAISE (ABORT, 'refunds exceed the payment'); END;
CREATE TRIGGER refund_fits_when_changed AFTER UPDATE OF state, amount ON refund WHEN NEW.state <> 'failed' AND
  (SELECT sum (amount) FROM refund WHERE merchant_id = NEW.merchant_id AND payment_id = NEW.payment_id AND state <> 'failed') >
  (SELECT coalesce (received, 0) FROM payment WHERE merchant_id = NEW.merchant_id AND id = NEW.payment_id)
BEGIN SELECT RAISE (ABORT, 'refunds exceed the payment'); END;

-- Webhooks as they came in: verified, kept, and only then understood. facts: what a provider's list said instead (raw is
-- empty then); null: read raw.
CREATE TABLE inbox (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  provider    TEXT NOT NULL,
  account     TEXT NOT NULL,
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  event_id    TEXT NOT NULL CHECK (event_id <> ''),
  raw         BLOB NOT NULL,
  facts       TEXT,
  state       TEXT NOT NULL CHECK (state = 'pending' OR state = 'unmatched' OR state = 'applied' OR
                                   state = 'quarantined'),
  reason      TEXT NOT NULL DEFAULT '',
  tries       INTEGER NOT NULL DEFAULT 0,
  received_at INTEGER NOT NULL,
  next_try_at INTEGER,
  UNIQUE (provider, account, livemode, event_id),
  FOREIGN KEY (merchant_id, account) REFERENCES account (merchant_id, id)
) STRICT;
CREATE INDEX inbox_due ON inbox (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX inbox_settled ON inbox (received_at) WHERE next_try_at IS NULL;

-- Genuine facts that may not settle anything, and what the merchant decided about them.
CREATE TABLE quarantine (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  link_id     TEXT,
  payment_id  TEXT,
  fact        TEXT NOT NULL,
  reason      TEXT NOT NULL,
  put_at      INTEGER NOT NULL,
  resolution  TEXT CHECK (resolution = 'accepted' OR resolution = 'refunded' OR resolution = 'released'),
  resolved_at INTEGER
) STRICT;
CREATE INDEX quarantine_of_merchant ON quarantine (merchant_id, row);
CREATE INDEX quarantine_of_payment ON quarantine (merchant_id, payment_id) WHERE payment_id IS NOT NULL;

-- ── The log ────────────────────────────────────────────────────────────────────────────────
-- Each merchant has two logs: what a test key reads is never mixed with what is live.
CREATE TABLE event (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  sequence    INTEGER NOT NULL CHECK (sequence >= 1),
  id          TEXT NOT NULL,
  type        TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  object_id   TEXT NOT NULL,
  object      TEXT NOT NULL,
  hash        BLOB NOT NULL CHECK (length (hash) = 32),
  UNIQUE (merchant_id, livemode, sequence)
) STRICT;
CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE (ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_is_kept BEFORE DELETE ON event
BEGIN SELECT RAISE (ABORT, 'an event is never deleted'); END;

-- Where each log ends.
CREATE TABLE event_head (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  sequence    INTEGER NOT NULL,
  hash        BLOB NOT NULL CHECK (length (hash) = 32),
  PRIMARY KEY (merchant_id, livemode)
) STRICT, WITHOUT ROWID;

-- ── The same request twice ─────────────────────────────────────────────────────────────────────────────────
CREATE TABLE idempotency (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  key         TEXT NOT NULL,
  fingerprint BLOB NOT NULL CHECK (length (fingerprint) = 32),
  state       TEXT NOT NULL CHECK (state = 'running' OR state = 'done'),
  lease_until INTEGER,
  object_id   TEXT,                             -- the payment or refund begun under it: where to go on
  status      INTEGER,
  body        BLOB,                             -- the answer, sealed
  created_at  INTEGER NOT NULL,
  UNIQUE (merchant_id, livemode, key)
) STRICT;
CREATE INDEX idempotency_age ON idempotency (created_at);
CREATE INDEX idempotency_running ON idempotency (lease_until) WHERE state = 'running';

-- What desktops pushed, for ever.
CREATE TABLE operation (
  merchant_id TEXT NOT NULL,
  device_id   TEXT NOT NULL,
  op_id       TEXT NOT NULL,
  seq         INTEGER NOT NULL CHECK (seq >= 1),
  kind        TEXT NOT NULL,
  result      TEXT NOT NULL CHECK (result = 'applied' OR result = 'merged' OR result = 'conflict' OR
                                   result = 'rejected'),
  rev         INTEGER NOT NULL,
  reason      TEXT,
  path        TEXT,
  code        TEXT,
  applied_at  INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, device_id, op_id),
  FOREIGN KEY (merchant_id, device_id) REFERENCES device (merchant_id, id)
) STRICT, WITHOUT ROWID;
