-- Payments and refunds asked for over the API.

-- What an API caller gave for a payment besides what the payment itself keeps. Only where there is something to keep.
CREATE TABLE charge (
  merchant_id TEXT NOT NULL,
  payment_id  TEXT NOT NULL,
  description TEXT NOT NULL,
  return_url  TEXT NOT NULL,                    -- "": no payer is on the way, charged at once
  locale      TEXT NOT NULL,
  PRIMARY KEY (merchant_id, payment_id),
  FOREIGN KEY (merchant_id, payment_id) REFERENCES payment (merchant_id, id)
);

-- How many payments a merchant has, so that a list can say so without counting: kept by the database itself, compared
-- by `cobro-relay audit`.
CREATE TABLE payment_count (
  merchant_id TEXT NOT NULL REFERENCES merchant (id),
  livemode    BIGINT NOT NULL CHECK (livemode IN (0, 1)),
  gateway     TEXT NOT NULL,
  state       TEXT NOT NULL,
  n           BIGINT NOT NULL CHECK (n >= 0),
  PRIMARY KEY (merchant_id, livemode, gateway, state)
);
CREATE FUNCTION payment_is_counted () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO payment_count (merchant_id, livemode, gateway, state, n)
  VALUES (NEW.merchant_id, NEW.livemode, NEW.gateway, NEW.state, 1)
  ON CONFLICT (merchant_id, livemode, gateway, state) DO UPDATE SET n = payment_count.n + 1;
  RETURN NULL;
END $$;
CREATE FUNCTION payment_is_counted_on () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payment_count SET n = n - 1 WHERE merchant_id = OLD.merchant_id AND livemode = OLD.livemode AND
    gateway = OLD.gateway AND state = OLD.state;
  INSERT INTO payment_count (merchant_id, livemode, gateway, state, n)
  VALUES (NEW.merchant_id, NEW.livemode, NEW.gateway, NEW.state, 1)
  ON CONFLICT (merchant_id, livemode, gateway, state) DO UPDATE SET n = payment_count.n + 1;
  RETURN NULL;
END $$;
CREATE TRIGGER payment_is_counted AFTER INSERT ON payment FOR EACH ROW EXECUTE FUNCTION payment_is_counted ();
CREATE TRIGGER payment_is_counted_on AFTER UPDATE OF state ON payment FOR EACH ROW WHEN (OLD.state <> NEW.state)
EXECUTE FUNCTION payment_is_counted_on ();

-- What lists are filtered by, newest first.
CREATE INDEX payment_by_state ON payment (merchant_id, livemode, state, id);
CREATE INDEX payment_by_gateway ON payment (merchant_id, livemode, gateway, id);
CREATE INDEX refund_by_state ON refund (merchant_id, livemode, state, id);
