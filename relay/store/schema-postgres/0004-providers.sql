-- Breakers, nightly reconciliation, and the latest time that the relay has seen.

-- A provider account that does not answer is left alone until open_until. opened: how often in a row it opened, 0 when it is
-- closed again. probe_until: somebody is trying it. Several relays share what one of them found out.
CREATE TABLE breaker (
  merchant_id TEXT NOT NULL,
  provider    TEXT NOT NULL,
  account     TEXT NOT NULL,
  opened      BIGINT NOT NULL CHECK (opened >= 0),
  open_until  BIGINT NOT NULL,
  probe_until BIGINT NOT NULL DEFAULT 0,
  changed_at  BIGINT NOT NULL,
  PRIMARY KEY (provider, account),
  FOREIGN KEY (merchant_id, account) REFERENCES account (merchant_id, id)
);

-- Once a night per account everything that changed at the provider is listed and compared. day: days since 1970-01-01 UTC;
-- (account, day) is unique, so that no night is done twice. next_cursor: of the next page; turn: the fencing token of whoever
-- works on it until lease_until.
CREATE TABLE reconciliation (
  merchant_id TEXT NOT NULL,
  account     TEXT NOT NULL,
  day         BIGINT NOT NULL,
  since       BIGINT NOT NULL,
  next_cursor TEXT,
  turn        BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT NOT NULL,
  seen        BIGINT NOT NULL DEFAULT 0,
  added       BIGINT NOT NULL DEFAULT 0,
  parked      BIGINT NOT NULL DEFAULT 0,
  mismatched  BIGINT NOT NULL DEFAULT 0,
  started_at  BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (account, day),
  FOREIGN KEY (merchant_id, account) REFERENCES account (merchant_id, id)
);

-- The latest wall time that was ever seen: a clock behind it is not believed.
CREATE TABLE clock_mark (
  one  BIGINT PRIMARY KEY CHECK (one = 1),
  high BIGINT NOT NULL
);
