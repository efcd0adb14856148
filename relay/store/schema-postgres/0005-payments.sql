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
