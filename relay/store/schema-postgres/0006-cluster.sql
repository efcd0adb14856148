-- Several relays on one database: who leads, and what was done of what must be done once.

-- How often somebody began to lead: whoever led before can tell by it that it does not any more.
CREATE TABLE leader (
  one   BIGINT PRIMARY KEY CHECK (one = 1),
  epoch BIGINT NOT NULL CHECK (epoch >= 1),
  since BIGINT NOT NULL
);

-- A job of a schedule, once per period ("2026-11-21", "2026-11-21T14"). epoch: of the leader that has it in hand.
CREATE TABLE job_run (
  job         TEXT NOT NULL,
  period      TEXT NOT NULL,
  epoch       BIGINT NOT NULL CHECK (epoch >= 1),
  started_at  BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (job, period)
);
CREATE INDEX job_run_age ON job_run (started_at);
