-- Breakers, nightly reconciliation, and the latest time that the relay has seen.

-- A provider account that does not answer is left alone until open_until. opened: how often in a row it opened, 0 when it is
-- closed again. probe_until: somebody is trying it. Several relays share what one of them found out.
CREATE TABLE breaker (
  merchant_id TEXT NOT NULL,
  provider    TEXT NOT NULL,
  account     TEXT NOT NULL,
  opened      INTEGER NOT NULL CHECK (opened >= 0),
  open_until  INTEGER NOT NULL,
  probe_until INTEGER NOT NULL DEFAULT 0,
  changed_at  INTEGER NOT NULL,
  PRIMARY KEY (provider, account),
  FOREIGN KEY (merchant_id, account) REFERENCES account (merchant_id, id)
) STRICT, WITHOUT ROWID;

-- Once a night per account everything that changed at the provider is listed and compared. day: days since 1970-01-01 UTC;
-- (account, day) is unique, so that no night is done twice. next_cursor: of the next page; turn: the fencing token of whoever
-- works on it until lease_until.
CREATE TABLE reconciliation (
  merchant_id TEXT NOT NULL,
  account     TEXT NOT NULL,
  day         INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  next_cursor TEXT,
  turn        INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER NOT NULL,
  seen        INTEGER NOT NULL DEFAULT 0,
  added       INTEGER NOT NULL DEFAULT 0,
  parked      INTEGER NOT NULL DEFAULT 0,
  mismatched  INTEGER NOT NULL DEFAULT 0,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER,
  PRIMARY KEY (account, day),
  FOREIGN KEY (merchant_id, account) REFERENCES account (merchant_id, id)
) STRICT, WITHOUT ROWID;

-- The latest wall time that was ever seen: a clock behind it is not believed.
CREATE TABLE clock_mark (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  high INTEGER NOT NULL
) STRICT;
