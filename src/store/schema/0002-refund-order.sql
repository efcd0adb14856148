-- Refunds that the merchant asked for here: commands to the relay, each carried out once, whose result is a fact. An order goes
-- when the feed has told its refund, or when the merchant has read why there is none.
CREATE TABLE refund_order (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,           -- op_…: the relay is asked with it as idempotency key
  payment_id TEXT NOT NULL,
  link_id    TEXT,
  currency   TEXT NOT NULL,
  amount     INTEGER NOT NULL CHECK (amount > 0),
  reason     TEXT NOT NULL,
  state      INTEGER NOT NULL,               -- CobroRefundOrderState
  asked_at   INTEGER NOT NULL DEFAULT 0,     -- when the relay was first asked; 0: never
  due        INTEGER NOT NULL DEFAULT 0,     -- the relay is not asked before: until then it can be taken back
  refund_id  TEXT,                           -- answered: the relay's refund
  problem    TEXT NOT NULL DEFAULT '',       -- refused: why
  credit_id  TEXT,                           -- the invoice that gets a credit note over the same, with the relay's answer
  note_id    TEXT,                           -- that credit note, once it was issued
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refund_order_payment ON refund_order (payment_id, created_at);
