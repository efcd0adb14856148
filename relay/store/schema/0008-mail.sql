-- Mails: one row each, written in the transaction of what it tells about, and rendered when it is sent. Nothing is sent twice
-- for one cause.
CREATE TABLE mail (
  row         INTEGER PRIMARY KEY,
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    INTEGER NOT NULL CHECK (livemode IN (0, 1)),
  id          TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('invoice', 'reminder', 'receipt', 'credit_note', 'voided', 'paid_notice')),
  cause       TEXT NOT NULL CHECK (cause <> ''),    -- the event, operation or payment that asked for it
  invoice_id  TEXT,
  payment_id  TEXT,
  step        INTEGER NOT NULL DEFAULT 0,           -- reminder: days relative to the due date
  recipient   TEXT NOT NULL CHECK (recipient <> ''),
  mailbox     TEXT NOT NULL,                        -- the recipient in small letters: nobody gets too many at once
  urgency     INTEGER NOT NULL CHECK (urgency IN (0, 1, 2)), -- 0 goes first: somebody waits for it
  state       TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'sent', 'retry', 'bounced', 'dropped')),
  attempt     INTEGER NOT NULL DEFAULT 0,           -- how often it was taken: only who took it last may end it
  tries       INTEGER NOT NULL DEFAULT 0,           -- how often it was handed to the mail server
  next_at     INTEGER,                              -- when it is due, unless it is leased or at rest
  lease_until INTEGER,
  worker      TEXT,
  last_status INTEGER,                              -- the mail server's answer; null: none
  last_error  TEXT NOT NULL DEFAULT '',
  sent_at     INTEGER,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (merchant_id, id),
  UNIQUE (merchant_id, livemode, cause, kind),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payment (merchant_id, id),
  CHECK ((state IN ('queued', 'retry')) = (next_at IS NOT NULL)),
  CHECK ((state = 'leased') = (lease_until IS NOT NULL)),
  CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
  CHECK (invoice_id IS NOT NULL OR payment_id IS NOT NULL)
) STRICT;
CREATE INDEX mail_due ON mail (urgency, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX mail_expiring ON mail (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX mail_to ON mail (mailbox, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX mail_of_invoice ON mail (merchant_id, livemode, invoice_id, row) WHERE invoice_id IS NOT NULL;
CREATE INDEX mail_of_merchant ON mail (merchant_id, livemode, row);

-- The address that the operator allowed a merchant's mails to come from; without a row it is the relay's own.
CREATE TABLE mail_sender (
  merchant_id TEXT PRIMARY KEY REFERENCES merchant (id),
  address     TEXT NOT NULL CHECK (address <> ''),
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
