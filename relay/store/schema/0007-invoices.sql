-- Invoices and credit notes, the series their numbers come from, and what they are made of again and again.

-- Who gives the relay's own numbers: "relay", or another name since books came back from a copy, so that no number that
-- the lost books gave is given once more. No row: "relay".
CREATE TABLE issuer (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT NOT NULL CHECK (name <> '')
) STRICT;

-- The next number of each series, given in the transaction that issues. last_date: of the number given last.
CREATE TABLE series (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  name        TEXT NOT NULL CHECK (name <> ''),
  next        INTEGER NOT NULL CHECK (next >= 1),
  last_date   TEXT NOT NULL,
  PRIMARY KEY (merchant_id, livemode, name)
) STRICT, WITHOUT ROWID;

-- A document. What may still change after the issue has a column of its own; everything else is in document, as it
-- travels, and frozen; the other columns repeat what is looked for.
CREATE TABLE invoice (
  row           INTEGER PRIMARY KEY,
  merchant_id   TEXT NOT NULL REFERENCES merchant (id),
  id            TEXT NOT NULL,
  livemode      INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  kind          TEXT NOT NULL CHECK (kind = 'invoice' OR kind = 'credit_note'),
  link_id       TEXT,                           -- by which it is paid; null: a credit note
  number        TEXT NOT NULL,                  -- '': a draft
  series        TEXT NOT NULL,
  sequence      INTEGER NOT NULL CHECK (sequence >= 0),
  issue_date    TEXT NOT NULL,
  due_date      TEXT NOT NULL,
  currency      TEXT NOT NULL CHECK (length (currency) = 3),
  total         INTEGER NOT NULL CHECK (total >= 0),
  corrects_id   TEXT,
  customer_id   TEXT,
  buyer_name    TEXT NOT NULL,
  buyer_email   TEXT NOT NULL,
  reference     TEXT NOT NULL,
  recurring_id  TEXT,
  period        TEXT NOT NULL,
  document      TEXT NOT NULL,
  -- what may change
  rev           INTEGER NOT NULL CHECK (rev >= 1),
  decision      TEXT NOT NULL CHECK (decision = 'draft' OR decision = 'issued' OR decision = 'void' OR
                                     decision = 'uncollectible'),
  void_reason   TEXT NOT NULL,
  private_notes TEXT NOT NULL,
  reminders     TEXT,                           -- days relative to the due date: '-3 0 7'; null: the merchant's
  expires_at    INTEGER,
  edited        TEXT,                           -- the desktops' edit times, JSON we do not look into
  updated_at    INTEGER NOT NULL,
  -- what happened
  sent_at       INTEGER,
  viewed_at     INTEGER,
  credited      INTEGER NOT NULL DEFAULT 0 CHECK (credited >= 0), -- sum of its issued credit notes
  last_reminder INTEGER,                        -- the step that was sent last
  overdue_told  INTEGER NOT NULL DEFAULT 0 CHECK (overdue_told IN (0, 1)),
  look_at       INTEGER,                        -- when reminders and the due date are looked at next; null: never
  UNIQUE (merchant_id, id),
  FOREIGN KEY (merchant_id, link_id) REFERENCES link (merchant_id, id),
  FOREIGN KEY (merchant_id, corrects_id) REFERENCES invoice (merchant_id, id),
  CHECK ((kind = 'invoice') = (link_id IS NOT NULL)),
  CHECK (kind = 'invoice' OR decision = 'draft' OR decision = 'issued'),
  CHECK ((decision = 'draft') = (number = '')),
  CHECK (decision = 'draft' OR (issue_date <> '' AND due_date >= issue_date)),
  CHECK (credited <= total)
) STRICT;
CREATE UNIQUE INDEX invoice_by_number ON invoice (merchant_id, livemode, number) WHERE number <> '';
CREATE UNIQUE INDEX invoice_by_sequence ON invoice (merchant_id, livemode, series, sequence) WHERE sequence > 0;
CREATE UNIQUE INDEX invoice_by_period ON invoice (merchant_id, livemode, recurring_id, period) WHERE recurring_id IS NOT NULL;
CREATE INDEX invoice_of_customer ON invoice (merchant_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX invoice_corrected ON invoice (merchant_id, corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX invoice_looked_at ON invoice (look_at) WHERE look_at IS NOT NULL;

CREATE TRIGGER invoice_keeps_what_was_issued BEFORE UPDATE OF merchant_id, id, livemode, kind, link_id, number, series, sequence,
  issue_date, due_date, currency, total, corrects_id, customer_id, buyer_name, buyer_email, reference, recurring_id, period, document
ON invoice WHEN OLD.merchant_id <> NEW.merchant_id OR OLD.id <> NEW.id OR OLD.livemode <> NEW.livemode OR
  OLD.kind <> NEW.kind OR OLD.link_id IS NOT NEW.link_id OR (OLD.decision <> 'draft' AND (
  OLD.number <> NEW.number OR OLD.series <> NEW.series OR OLD.sequence <> NEW.sequence OR
  OLD.issue_date <> NEW.issue_date OR OLD.due_date <> NEW.due_date OR OLD.currency <> NEW.currency OR
  OLD.total <> NEW.total OR OLD.corrects_id IS NOT NEW.corrects_id OR OLD.customer_id IS NOT NEW.customer_id OR
  OLD.buyer_name <> NEW.buyer_name OR OLD.buyer_email <> NEW.buyer_email OR OLD.reference <> NEW.reference OR
  OLD.recurring_id IS NOT NEW.recurring_id OR OLD.period <> NEW.period OR OLD.document <> NEW.document))
BEGIN SELECT RAISE (ABORT, 'an issued document never changes'); END;
CREATE TRIGGER invoice_moves_forward BEFORE UPDATE OF decision ON invoice
WHEN OLD.decision <> NEW.decision AND OLD.decision <> 'draft' AND (NEW.decision = 'draft' OR OLD.decision = 'void')
BEGIN SELECT RAISE (ABORT, 'no such transition of an invoice'); END;
CREATE TRIGGER invoice_is_kept BEFORE DELETE ON invoice
BEGIN SELECT RAISE (ABORT, 'an invoice is never deleted'); END;
-- A series never goes back: a number is given once.
CREATE TRIGGER series_goes_forward BEFORE UPDATE OF next ON series WHEN NEW.next < OLD.next
BEGIN SELECT RAISE (ABORT, 'a series never goes back'); END;
CREATE TRIGGER series_is_kept BEFORE DELETE ON series
BEGIN SELECT RAISE (ABORT, 'a series is never deleted'); END;

-- What is sold again and again, kept for the desktops and for invoices made over the API.
CREATE TABLE product (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  id          TEXT NOT NULL,
  rev         INTEGER NOT NULL CHECK (rev >= 1),
  document    TEXT NOT NULL,                    -- as it travels
  edited      TEXT,
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (merchant_id, id)
) STRICT, WITHOUT ROWID;

-- Invoices that are issued again and again. issued: how many periods were; the next is that number, counted from 0.
CREATE TABLE recurring (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  id          TEXT NOT NULL,
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  rev         INTEGER NOT NULL CHECK (rev >= 1),
  document    TEXT NOT NULL,                    -- as it travels
  edited      TEXT,
  updated_at  INTEGER NOT NULL,
  issued      INTEGER NOT NULL DEFAULT 0 CHECK (issued >= 0),
  next_at     INTEGER,                          -- when the next is due; null: none is left, or it rests
  notice      TEXT NOT NULL DEFAULT '',         -- why the last could not be issued
  PRIMARY KEY (merchant_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX recurring_due ON recurring (next_at) WHERE next_at IS NOT NULL;

-- The picture on documents.
CREATE TABLE logo (
  merchant_id TEXT PRIMARY KEY REFERENCES merchant (id),
  hash        TEXT NOT NULL CHECK (length (hash) = 64), -- SHA-256 in hex, as the merchant's profile names it
  media_type  TEXT NOT NULL CHECK (media_type = 'image/png' OR media_type = 'image/jpeg'),
  bytes       BLOB NOT NULL CHECK (length (bytes) <= 262144),
  updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
