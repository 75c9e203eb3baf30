//! Why: several processes stand at one door and must count wrong tries together.
//!
//! What: every try at a login from an address, counted from before its password is looked at until it is right or old. The
//! login is kept as a hash: what people type there may be anything.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0013_tries",
    both: r#"
CREATE TABLE tries (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    login_sha256 TEXT NOT NULL,
    address TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, id)
);
CREATE INDEX tries_by_address ON tries (alliance_id, address, login_sha256);
CREATE INDEX tries_by_age ON tries (at_ms);
"#,
    sqlite: "",
    postgres: "",
};
