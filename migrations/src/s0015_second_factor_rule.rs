//! Why: whoever plans for everybody or manages people must not be reachable by a password alone, and it is the alliance
//! that decides so for its own people.
//!
//! What: whether the roles that matter need a second factor. An alliance that is there already goes on as it was, until its
//! admin says otherwise; one that is opened from now on is told by whoever opens it.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0015_second_factor_rule",
    both: r#"
ALTER TABLE alliances ADD COLUMN second_factor_required BOOLEAN NOT NULL DEFAULT FALSE;
"#,
    sqlite: "",
    postgres: "",
};
