//! Why: a password that has grown old keeps nobody out who came in without it, by an identity provider.
//!
//! What: by what a session was opened. Those that are there already count as opened by a password, which asks for more.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0021_session_ways",
    both: r#"
ALTER TABLE sessions ADD COLUMN opened_by TEXT NOT NULL DEFAULT 'password'
    CONSTRAINT a_session_is_opened_by_a_known_way CHECK (opened_by IN ('password', 'provider'));
"#,
    sqlite: "",
    postgres: "",
};
