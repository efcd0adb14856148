-- The merchant's books. Times are microseconds UTC, amounts minor units, documents the wire's JSON text.
-- Enumerations are the numbers of the enums of src/core, which never change.

-- Links: the merchant's decisions (document), how they stand with the relay, what has happened to them.
CREATE TABLE link (
  row         INTEGER PRIMARY KEY,           -- order of arrival; what lists are made of
  id          TEXT NOT NULL UNIQUE,
  document    TEXT NOT NULL,                 -- as it is here, without token
  token       TEXT,                          -- NULL: not known here (made over the API, or on another desktop)
  rev         INTEGER NOT NULL DEFAULT 0,    -- the relay's; 0: it has never seen this link
  base        TEXT,                          -- the document at rev, while ours is another one
  edited      TEXT NOT NULL DEFAULT '{}',    -- when each member was last edited (src/sync/README.md)
  waiting     INTEGER NOT NULL DEFAULT 0,    -- 1: something of it is in the outbox
  trouble     INTEGER NOT NULL DEFAULT 0,    -- 0 none, 1 rejected by the relay, 2 conflict that nobody has seen yet
  reason      TEXT NOT NULL DEFAULT '',
  path        TEXT NOT NULL DEFAULT '',
  sample      INTEGER NOT NULL DEFAULT 0,    -- 1: sample data, never uploaded
  invoice_id  TEXT,                          -- the invoice that is paid by it: then it is in no list of links

  -- For searching and sorting.
  title       TEXT NOT NULL,
  reference   TEXT NOT NULL,
  description TEXT NOT NULL,
  customer    TEXT NOT NULL,
  sort_title  TEXT NOT NULL,                 -- without case and accents
  sort_amount INTEGER NOT NULL,              -- what one use costs, in 1/10000 of the major unit
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,

  -- Facts of the document that the status is computed from.
  currency    TEXT NOT NULL,
  decision    INTEGER NOT NULL,              -- CobroDecision: 0 draft, 1 active, 2 paused, 3 cancelled
  in_parts    INTEGER NOT NULL,              -- 1: may be paid in parts
  use_limit   INTEGER NOT NULL,              -- 2^63 − 1: unlimited
  total       INTEGER,                       -- of one use; NULL: the payer decides
  has_choice  INTEGER NOT NULL,              -- 1: the payer may change what it comes to
  not_before  INTEGER,
  expires_at  INTEGER,

  -- Sums over its payments and refunds, recomputed whenever one of them changes.
  paid          INTEGER NOT NULL DEFAULT 0,
  refunded      INTEGER NOT NULL DEFAULT 0,
  lost          INTEGER NOT NULL DEFAULT 0,
  uses          INTEGER NOT NULL DEFAULT 0,
  open_attempts INTEGER NOT NULL DEFAULT 0,
  processing    INTEGER NOT NULL DEFAULT 0,
  attempts      INTEGER NOT NULL DEFAULT 0,
  last_failed   INTEGER NOT NULL DEFAULT 0,
  flags         INTEGER NOT NULL DEFAULT 0,  -- CobroFlags raised by payments

  -- Computed by cobro_link_view()'s rules, never stored; in indexes only. tests/store compares both.
  used_up INTEGER GENERATED ALWAYS AS (
    CASE WHEN in_parts = 0 THEN uses >= use_limit
         ELSE total IS NOT NULL AND paid > 0 AND paid >= total END) VIRTUAL,
  paid_status INTEGER GENERATED ALWAYS AS ( -- CobroPaidStatus
    CASE WHEN paid <= 0 THEN
           CASE WHEN processing > 0 THEN 1 WHEN last_failed AND open_attempts = 0 THEN 7 ELSE 0 END
         WHEN paid - refunded - lost <= 0 THEN 5
         WHEN has_choice OR total IS NULL THEN CASE WHEN refunded + lost = 0 THEN 3 ELSE 6 END
         WHEN paid - refunded - lost > total * max(uses, 1) THEN 4
         WHEN paid - refunded - lost = total * max(uses, 1) THEN 3
         WHEN paid < total * max(uses, 1) THEN 2
         ELSE 6 END) VIRTUAL,
  attention INTEGER GENERATED ALWAYS AS ( -- flagged (partial and over are 2 and 4), rejected, or in conflict
    (flags & ~6) <> 0 OR paid_status IN (2, 4) OR trouble <> 0) VIRTUAL
) STRICT;

-- What is paid by an invoice's link is the invoice: lists of links are made of the others alone.
CREATE INDEX link_created   ON link (created_at) WHERE invoice_id IS NULL;
CREATE INDEX link_title     ON link (sort_title) WHERE invoice_id IS NULL;
CREATE INDEX link_reference ON link (reference) WHERE invoice_id IS NULL;
CREATE INDEX link_amount    ON link (sort_amount) WHERE invoice_id IS NULL;
CREATE INDEX link_status    ON link (decision, used_up, created_at, expires_at, not_before) WHERE invoice_id IS NULL;
CREATE INDEX link_paid      ON link (paid_status, created_at) WHERE invoice_id IS NULL;
CREATE INDEX link_waiting   ON link (created_at) WHERE waiting = 1 AND invoice_id IS NULL;
CREATE INDEX link_attention ON link (created_at) WHERE attention = 1 AND invoice_id IS NULL;
CREATE INDEX link_sample    ON link (row) WHERE sample = 1;

-- Words at the beginning of which a search may find a link. No positions are kept: every word stands for itself. A beginning
-- that has an index of its own is found in no time, however many links it is in.
CREATE VIRTUAL TABLE link_search USING fts5 (
  title, reference, description, customer,
  content = 'link', content_rowid = 'row', detail = none,
  prefix = '1 2 3 4 5 6 7 8 9 10 11 12',
  tokenize = 'unicode61 remove_diacritics 2');

-- How many rows a table has, so that nobody has to count a million.
CREATE TABLE row_count (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO row_count (name, n) VALUES ('link', 0);
CREATE TRIGGER link_inserted AFTER INSERT ON link WHEN NEW.invoice_id IS NULL
BEGIN UPDATE row_count SET n = n + 1 WHERE name = 'link'; END;
CREATE TRIGGER link_deleted AFTER DELETE ON link WHEN OLD.invoice_id IS NULL
BEGIN UPDATE row_count SET n = n - 1 WHERE name = 'link'; END;

-- What the relay told: copies. The document is the event's object.
CREATE TABLE payment (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  link_id    TEXT,                           -- NULL: a payment without a link
  document   TEXT NOT NULL,
  state      INTEGER NOT NULL,               -- CobroPaymentState
  currency   TEXT NOT NULL,
  amount     INTEGER NOT NULL,
  received   INTEGER,                        -- in received_currency; NULL: nothing yet
  received_currency TEXT,
  refunded   INTEGER NOT NULL DEFAULT 0,
  lost       INTEGER NOT NULL DEFAULT 0,
  flags      INTEGER NOT NULL DEFAULT 0,
  told       INTEGER NOT NULL DEFAULT 0,     -- 1: the user was notified that it succeeded
  paid_at    INTEGER,                        -- when the money came; recorded by hand: the day that was typed
  manual     INTEGER NOT NULL DEFAULT 0,     -- 1: recorded by hand, 2: taken from the customer's credit
  payer      TEXT NOT NULL DEFAULT '',       -- words to find it by
  provider   TEXT NOT NULL DEFAULT '',       -- the same: its name and id at the provider
  sort_amount INTEGER NOT NULL DEFAULT 0,    -- in 1/10000 of the major unit
  customer_id TEXT,                          -- whose link or invoice it paid
  sample     INTEGER NOT NULL DEFAULT 0,     -- 1: of a link that is sample data: no money
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_link ON payment (link_id, created_at);
CREATE INDEX payment_created ON payment (created_at);
CREATE INDEX payment_customer ON payment (customer_id, created_at) WHERE customer_id IS NOT NULL;
CREATE INDEX payment_state ON payment (state, created_at);
CREATE INDEX payment_amount ON payment (sort_amount);
CREATE INDEX payment_paid ON payment (paid_at) WHERE state = 7;
CREATE INDEX payment_lost ON payment (updated_at) WHERE lost > 0;
CREATE INDEX payment_manual ON payment (created_at) WHERE manual > 0;
CREATE INDEX payment_refunded ON payment (created_at) WHERE refunded > 0;
CREATE INDEX payment_attention ON payment (created_at) WHERE flags <> 0 OR state = 4;
CREATE VIRTUAL TABLE payment_search USING fts5 (
  payer, provider,
  content = 'payment', content_rowid = 'row', detail = none,
  prefix = '1 2 3 4 5 6 7 8 9 10 11 12',
  tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE refund (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  payment_id TEXT NOT NULL,
  document   TEXT NOT NULL,
  state      INTEGER NOT NULL,               -- CobroRefundState
  currency   TEXT NOT NULL,
  amount     INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refund_payment ON refund (payment_id);
CREATE INDEX refund_made ON refund (created_at) WHERE state = 1;

-- What came in, by quarter of an hour: a month begins on one in every time zone, so the sum of a year is read from a few
-- thousand rows at most, however many payments there were. Credit that pays for something is no money; it came earlier.
CREATE TABLE takings (
  slot     INTEGER NOT NULL,                 -- quarters of an hour since 1970
  currency TEXT NOT NULL,
  came     INTEGER NOT NULL,
  n        INTEGER NOT NULL,                 -- payments
  PRIMARY KEY (slot, currency)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER payment_taken AFTER INSERT ON payment WHEN NEW.state = 7
BEGIN
  INSERT INTO takings (slot, currency, came, n)
    SELECT NEW.paid_at / 900000000, coalesce (NEW.received_currency, NEW.currency), coalesce (NEW.received, NEW.amount), 1
    WHERE NEW.manual <> 2 AND NEW.sample = 0 AND NEW.paid_at IS NOT NULL
    ON CONFLICT (slot, currency) DO UPDATE SET came = came + excluded.came, n = n + 1;
END;
CREATE TRIGGER payment_taken_again
AFTER UPDATE OF state, received, received_currency, paid_at, manual, sample ON payment
WHEN (OLD.state = 7 OR NEW.state = 7)
  AND (OLD.state, OLD.received, OLD.received_currency, OLD.paid_at, OLD.manual, OLD.sample)
      IS NOT (NEW.state, NEW.received, NEW.received_currency, NEW.paid_at, NEW.manual, NEW.sample)
BEGIN
  UPDATE takings SET came = came - coalesce (OLD.received, OLD.amount), n = n - 1
    WHERE slot = OLD.paid_at / 900000000 AND currency = coalesce (OLD.received_currency, OLD.currency)
      AND OLD.state = 7 AND OLD.manual <> 2 AND OLD.sample = 0;
  INSERT INTO takings (slot, currency, came, n)
    SELECT NEW.paid_at / 900000000, coalesce (NEW.received_currency, NEW.currency), coalesce (NEW.received, NEW.amount), 1
    WHERE NEW.state = 7 AND NEW.manual <> 2 AND NEW.sample = 0 AND NEW.paid_at IS NOT NULL
    ON CONFLICT (slot, currency) DO UPDATE SET came = came + excluded.came, n = n + 1;
END;
CREATE TRIGGER payment_untaken AFTER DELETE ON payment WHEN OLD.state = 7
BEGIN
  UPDATE takings SET came = came - coalesce (OLD.received, OLD.amount), n = n - 1
    WHERE slot = OLD.paid_at / 900000000 AND currency = coalesce (OLD.received_currency, OLD.currency)
      AND OLD.manual <> 2 AND OLD.sample = 0;
END;
CREATE TRIGGER link_made_sample AFTER UPDATE OF sample ON link WHEN NEW.sample <> OLD.sample
BEGIN UPDATE payment SET sample = NEW.sample WHERE link_id = NEW.id; END;

-- The relay's log of this merchant, as far as it was read.
CREATE TABLE event (
  sequence    INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  type        TEXT NOT NULL,                 -- also types that this program does not know
  occurred_at INTEGER NOT NULL,
  link_id     TEXT,                          -- the link it has to do with
  object_id   TEXT NOT NULL,
  object      TEXT NOT NULL,
  hash        TEXT NOT NULL
) STRICT;
CREATE INDEX event_link ON event (link_id, sequence) WHERE link_id IS NOT NULL;
CREATE INDEX event_type ON event (type, sequence);

-- What a merge put aside: nothing that somebody wrote is lost.
CREATE TABLE history (
  row         INTEGER PRIMARY KEY,
  object_id   TEXT NOT NULL,
  type        TEXT NOT NULL,                 -- conflict.merged, conflict.copied
  occurred_at INTEGER NOT NULL,
  member      TEXT NOT NULL DEFAULT '',
  other_value TEXT NOT NULL DEFAULT ''       -- JSON; conflict.copied: the copy's id
) STRICT;
CREATE INDEX history_object ON history (object_id);

CREATE TABLE customer (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  document   TEXT NOT NULL,
  rev        INTEGER NOT NULL DEFAULT 0,
  base       TEXT,
  edited     TEXT NOT NULL DEFAULT '{}',
  trouble    INTEGER NOT NULL DEFAULT 0,
  reason     TEXT NOT NULL DEFAULT '',
  path       TEXT NOT NULL DEFAULT '',
  sort_name  TEXT NOT NULL,
  name       TEXT NOT NULL,                  -- words to find it by
  words      TEXT NOT NULL,                  -- the same: contact, e-mail, tax number, place
  archived   INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX customer_name ON customer (sort_name);
CREATE INDEX customer_created ON customer (created_at);
CREATE VIRTUAL TABLE customer_search USING fts5 (
  name, words,
  content = 'customer', content_rowid = 'row', detail = none,
  prefix = '1 2 3 4 5 6 7 8 9 10 11 12',
  tokenize = 'unicode61 remove_diacritics 2');

-- One row: the merchant's profile.
CREATE TABLE merchant (
  row        INTEGER PRIMARY KEY CHECK (row = 1),
  document   TEXT NOT NULL,
  rev        INTEGER NOT NULL DEFAULT 0,
  base       TEXT,
  edited     TEXT NOT NULL DEFAULT '{}',
  trouble    INTEGER NOT NULL DEFAULT 0,
  reason     TEXT NOT NULL DEFAULT '',
  path       TEXT NOT NULL DEFAULT ''
) STRICT;

-- What must go to the relay, written in the same transaction as the change itself.
CREATE TABLE outbox (
  row       INTEGER PRIMARY KEY AUTOINCREMENT, -- order
  op_id     TEXT NOT NULL UNIQUE,
  seq       INTEGER UNIQUE,                  -- given when it is sent for the first time; from then on it does not change
  kind      TEXT NOT NULL,                   -- link.put, merchant.put … (src/sync/README.md, "Push")
  object_id TEXT NOT NULL,                   -- '' for the merchant and the logo
  base_rev  INTEGER,                         -- given with seq
  body      TEXT NOT NULL,
  edited    TEXT NOT NULL DEFAULT '{}',
  due       INTEGER NOT NULL DEFAULT 0       -- not before this time
) STRICT;
CREATE INDEX outbox_object ON outbox (object_id);
INSERT INTO row_count (name, n) VALUES ('outbox', 0);
CREATE TRIGGER outbox_inserted AFTER INSERT ON outbox BEGIN UPDATE row_count SET n = n + 1 WHERE name = 'outbox'; END;
CREATE TRIGGER outbox_deleted AFTER DELETE ON outbox BEGIN UPDATE row_count SET n = n - 1 WHERE name = 'outbox'; END;

-- One row: the relay these books belong to, and how far both have heard of each other.
CREATE TABLE pairing (
  row         INTEGER PRIMARY KEY CHECK (row = 1),
  device_id   TEXT NOT NULL,
  merchant_id TEXT NOT NULL,
  address     TEXT NOT NULL,
  public_url  TEXT NOT NULL,
  livemode    INTEGER NOT NULL,
  gateways    TEXT NOT NULL,                 -- names, separated by blanks
  methods     INTEGER NOT NULL,              -- CobroMethods
  mail        INTEGER NOT NULL DEFAULT 0,    -- 1: it sends mails
  paired_at   INTEGER NOT NULL,
  next_seq    INTEGER NOT NULL DEFAULT 1,
  cursor      INTEGER NOT NULL DEFAULT 0,    -- sequence of the last event that was read
  last_hash   TEXT NOT NULL DEFAULT ''       -- its hash
) STRICT;

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
