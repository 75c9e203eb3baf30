//! Why: a change and the notice of it must commit together; a notice sent inside a transaction that rolls
//! back would be a lie, and one sent after it can be lost.
//!
//! What: the outbox. A row is there if and only if its change committed; whoever delivers it marks it
//! afterwards, so that it is delivered at least once, under a stable id.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0008_outbox",
    both: r#"
CREATE TABLE outbox (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    at_min BIGINT NOT NULL,
    delivered BOOLEAN NOT NULL,
    PRIMARY KEY (alliance_id, id)
);
CREATE INDEX undelivered ON outbox (alliance_id, at_min, id) WHERE NOT delivered;
"#,
    sqlite: "",
    postgres: "",
};
