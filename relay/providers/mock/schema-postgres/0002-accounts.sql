-- The twin of schema/0002-accounts.sql.
-- How an account wants the gateway to behave (over the gateway's own options), and disputes.

-- "name=value" of the options, separated by blanks.
ALTER TABLE endpoints ADD COLUMN options TEXT NOT NULL DEFAULT '';

-- '' or the kind of the last fact about it: dispute_opened, dispute_won, dispute_lost.
ALTER TABLE payments ADD COLUMN dispute TEXT NOT NULL DEFAULT '';

-- Lists are read in the order of the last change.
CREATE INDEX payments_changed ON payments (account, updated_at, number);
CREATE INDEX refunds_made ON refunds (created_at, id);
