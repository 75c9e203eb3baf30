//! Why: a notice is sent to a receiver that may be slow, away or wrong, by one of several processes that may be killed
//! while it sends; and one that nobody takes must not vanish.
//!
//! What: for each notice how often it was tried, when it is due again, and why it failed last. A sender takes a notice by
//! moving `due_ms` beyond its own patience and counting the try; what it reports afterwards counts only while the try is
//! still its own. A notice that was tried too often is dead until somebody sends it again.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0014_deliveries",
    both: r#"
ALTER TABLE outbox ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN due_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN dead BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE outbox ADD COLUMN failure TEXT;
DROP INDEX undelivered;
CREATE INDEX due_notices ON outbox (due_ms, id) WHERE NOT delivered AND NOT dead;
CREATE INDEX dead_notices ON outbox (alliance_id, at_min, id) WHERE dead;
"#,
    sqlite: "",
    postgres: "",
};
