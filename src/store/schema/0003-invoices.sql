-- Invoices and what belongs to them. As in 0001: documents are the wire's JSON text, enumerations the numbers of src/core.

-- Invoices and credit notes. One that was issued has a link of the same 26 characters (table link), by which it is paid;
-- a draft has not, and keeps its token here until then.
CREATE TABLE invoice (
  row         INTEGER PRIMARY KEY,           -- order of arrival; what lists are made of
  id          TEXT NOT NULL UNIQUE,
  link_id     TEXT NOT NULL UNIQUE,          -- also of a credit note, whose link there never is
  document    TEXT NOT NULL,                 -- as it is here, without token
  draft_token TEXT,                          -- until there is a link, which then has it
  rev         INTEGER NOT NULL DEFAULT 0,    -- the relay's; 0: it has never seen it
  waiting     INTEGER NOT NULL DEFAULT 0,    -- 1: the document is in the outbox
  trouble     INTEGER NOT NULL DEFAULT 0,    -- 0 none, 1 rejected by the relay, 2 conflict that nobody has seen yet
  reason      TEXT NOT NULL DEFAULT '',
  path        TEXT NOT NULL DEFAULT '',
  problem     TEXT NOT NULL DEFAULT '',      -- why the last mail or recorded payment failed
  sample      INTEGER NOT NULL DEFAULT 0,    -- 1: issued for practice, never uploaded any more

  -- For searching and sorting.
  number      TEXT NOT NULL,
  reference   TEXT NOT NULL,
  buyer       TEXT NOT NULL,
  words       TEXT NOT NULL,                 -- lines and notes
  sort_buyer  TEXT NOT NULL,                 -- without case and accents
  sort_total  INTEGER NOT NULL,              -- in 1/10000 of the major unit
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,

  -- Facts of the document.
  kind        INTEGER NOT NULL,              -- CobroInvoiceKind: 0 invoice, 1 credit note
  decision    INTEGER NOT NULL,              -- CobroInvoiceDecision: 0 draft, 1 issued, 2 void, 3 uncollectible
  series      TEXT NOT NULL,
  sequence    INTEGER,                       -- NULL: not given by this computer
  issue_day   INTEGER,                       -- days since 1970-01-01; NULL: a draft
  due_day     INTEGER,
  currency    TEXT NOT NULL,
  total       INTEGER NOT NULL,
  customer_id TEXT,
  corrects_id TEXT,                          -- credit note: the invoice
  recurring_id TEXT,
  period      TEXT NOT NULL,

  -- What happened: sums over credit notes and, copied from the link, over payments.
  credited    INTEGER NOT NULL DEFAULT 0,
  paid        INTEGER NOT NULL DEFAULT 0,
  refunded    INTEGER NOT NULL DEFAULT 0,
  lost        INTEGER NOT NULL DEFAULT 0,
  processing  INTEGER NOT NULL DEFAULT 0,
  flags       INTEGER NOT NULL DEFAULT 0,    -- CobroFlags raised by payments
  sent_at     INTEGER,
  viewed_at   INTEGER,

  -- What cobro_invoice_view() makes of all this, apart from the calendar; written anew with every change.
  standing    INTEGER NOT NULL DEFAULT 0,    -- CobroInvoiceStatus as if nothing were ever overdue
  owed        INTEGER NOT NULL DEFAULT 0,    -- what is due, unless it was given up
  sort_owed   INTEGER NOT NULL DEFAULT 0,    -- the same in 1/10000 of the major unit
  credit      INTEGER NOT NULL DEFAULT 0,    -- overpaid
  late_day    INTEGER,                       -- overdue after this day, where something is due
  attention   INTEGER GENERATED ALWAYS AS (  -- flagged (partial and over are 2 and 4), overpaid, or something is wrong
    (flags & ~6) <> 0 OR standing = 6 OR trouble <> 0 OR problem <> '') VIRTUAL
) STRICT;

-- A number is given out once, whatever happens.
CREATE UNIQUE INDEX invoice_sequence ON invoice (series, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX invoice_number    ON invoice (number);
CREATE INDEX invoice_buyer     ON invoice (sort_buyer);
CREATE INDEX invoice_issued    ON invoice (issue_day);
CREATE INDEX invoice_due       ON invoice (due_day);
CREATE INDEX invoice_total     ON invoice (sort_total);
CREATE INDEX invoice_standing  ON invoice (standing, late_day);
CREATE INDEX invoice_customer  ON invoice (customer_id, issue_day);
CREATE INDEX invoice_owed      ON invoice (customer_id, currency, late_day, owed, sort_owed) WHERE owed > 0;
CREATE INDEX invoice_unpaid    ON invoice (currency, late_day, owed) WHERE owed > 0 AND sample = 0;
CREATE INDEX invoice_credit    ON invoice (customer_id, currency, credit) WHERE credit > 0;
CREATE INDEX invoice_corrects  ON invoice (corrects_id) WHERE corrects_id IS NOT NULL;
CREATE INDEX invoice_recurring ON invoice (recurring_id) WHERE recurring_id IS NOT NULL;
CREATE INDEX invoice_waiting   ON invoice (row) WHERE waiting = 1;
CREATE INDEX invoice_attention ON invoice (row) WHERE attention = 1;
CREATE VIRTUAL TABLE invoice_search USING fts5 (
  number, reference, buyer, words,
  content = 'invoice', content_rowid = 'row', detail = none,
  prefix = '1 2 3 4 5 6 7 8 9 10 11 12',
  tokenize = 'unicode61 remove_diacritics 2');

-- The numbers that this computer gives out.
CREATE TABLE series (
  name      TEXT PRIMARY KEY,                -- cobro_series_name()
  next      INTEGER NOT NULL CHECK (next > 0),
  last_date TEXT NOT NULL DEFAULT ''         -- of the last number: dates never go back
) STRICT, WITHOUT ROWID;

-- Money that was recorded here: what the relay was told, so that another one can be told again.
CREATE TABLE record (
  id       TEXT PRIMARY KEY,                 -- the payment's
  document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  document   TEXT NOT NULL,
  rev        INTEGER NOT NULL DEFAULT 0,
  base       TEXT,
  trouble    INTEGER NOT NULL DEFAULT 0,
  reason     TEXT NOT NULL DEFAULT '',
  path       TEXT NOT NULL DEFAULT '',
  sort_name  TEXT NOT NULL,
  name       TEXT NOT NULL,                  -- words to find it by
  code       TEXT NOT NULL,
  words      TEXT NOT NULL,
  currency   TEXT NOT NULL,
  sort_price INTEGER NOT NULL,
  archived   INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX product_name ON product (sort_name);
CREATE INDEX product_code ON product (code);
CREATE INDEX product_price ON product (sort_price);
CREATE INDEX product_created ON product (created_at);
CREATE VIRTUAL TABLE product_search USING fts5 (
  name, code, words,
  content = 'product', content_rowid = 'row', detail = none,
  prefix = '1 2 3 4 5 6 7 8 9 10 11 12',
  tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE recurring (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  document   TEXT NOT NULL,
  rev        INTEGER NOT NULL DEFAULT 0,
  base       TEXT,
  trouble    INTEGER NOT NULL DEFAULT 0,
  reason     TEXT NOT NULL DEFAULT '',
  path       TEXT NOT NULL DEFAULT ''
) STRICT;

-- One row: the merchant's picture.
CREATE TABLE logo (
  row        INTEGER PRIMARY KEY CHECK (row = 1),
  media_type TEXT NOT NULL,
  picture    BLOB NOT NULL
) STRICT;

-- Lines of account statements that somebody does not want: the last 80 bits of the payment that each would be.
CREATE TABLE bank_ignored (rest TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- Whether a line was recorded, here or on another computer: by the same bits.
CREATE INDEX payment_bank ON payment (substr (id, -16)) WHERE manual = 1;
