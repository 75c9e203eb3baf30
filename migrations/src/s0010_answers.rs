//! Why: a reply may be lost on its way, and whoever waits for it can only ask again; the second time must have no second
//! effect and the same reply.
//!
//! What: the reply of every write under the key that its maker gave it. The row is written first and filled last, in the
//! transaction of the effect, so that of two at one time the second waits for the first. A key belongs to a person.
//! Replies are compressed. Old rows are forgotten: nobody asks again after a week.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0010_answers",
    both: r#"
CREATE TABLE answers (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    person_id TEXT NOT NULL,
    write_key TEXT NOT NULL,
    call TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, person_id, write_key)
);
CREATE INDEX answers_by_age ON answers (at_ms);
"#,
    sqlite: "ALTER TABLE answers ADD COLUMN reply BLOB;",
    postgres: "ALTER TABLE answers ADD COLUMN reply BYTEA;",
};
