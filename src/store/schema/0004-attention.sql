-- What the merchant decided about what needs attention. Everything else about it is derived (src/core/cobro-matter.h). A
-- decision counts while the thing stands as it stood then: with another mark it is another question.
CREATE TABLE attention_decision (
  kind       INTEGER NOT NULL,               -- CobroMatterKind
  subject    TEXT NOT NULL,                  -- what it is about
  mark       TEXT NOT NULL,
  way        INTEGER NOT NULL,               -- CobroMatterWay
  state      INTEGER NOT NULL,               -- CobroDecisionState: 0 done, 1 the relay is to be asked, 2 it would not
  due        INTEGER NOT NULL DEFAULT 0,     -- the relay is not asked before: until then it can be taken back
  problem    TEXT NOT NULL DEFAULT '',       -- why it would not
  target     TEXT NOT NULL DEFAULT '',       -- the id that the relay is asked about
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX attention_open ON attention_decision (due) WHERE state = 1;

-- What the desktop was told of, once and no more. It goes with what it was about.
CREATE TABLE attention_told (matter TEXT PRIMARY KEY) STRICT, WITHOUT ROWID; -- kind and subject: "0:pay_…"

-- What is looked for among a million rows.
CREATE INDEX event_told ON event (type, object_id, sequence)
  WHERE type IN ('mail.failed', 'delivery.exhausted', 'delivery.recovered', 'provider.quarantined');
CREATE INDEX refund_failed ON refund (created_at) WHERE state = 2;
CREATE INDEX refund_order_open ON refund_order (created_at) WHERE state <> 2;
CREATE INDEX customer_trouble ON customer (row) WHERE trouble <> 0;
CREATE INDEX product_trouble ON product (row) WHERE trouble <> 0;
CREATE INDEX recurring_trouble ON recurring (row) WHERE trouble <> 0;
