//! Why: four eyes mean two people. Whoever changes a plan by hand has made it, too, and must not be the one who approves it.
//!
//! What: a list of ids, as JSON, of everybody who has changed the plan's lessons. Of plans that were changed before nobody
//! knows by whom, so their list is empty.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0022_plan_editors",
    both: r#"
ALTER TABLE plans ADD COLUMN editors TEXT NOT NULL DEFAULT '[]';
"#,
    sqlite: "",
    postgres: "",
};
