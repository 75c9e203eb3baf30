//! Why: what a member did not get this week counts in the next ones, and everybody may recompute it.
//!
//! What: one line a member and week, minutes. `due_min` is what the alliance owes after that week.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0007_ledger",
    both: r#"
CREATE TABLE ledger (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    week TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    asked_min BIGINT NOT NULL,
    claim_min BIGINT NOT NULL,
    granted_min BIGINT NOT NULL,
    used_min BIGINT NOT NULL,
    lost_min BIGINT NOT NULL,
    due_min BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, week, organization_id),
    CONSTRAINT a_ledger_line_is_of_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ledger_by_organization ON ledger (alliance_id, organization_id);
"#,
    sqlite: "",
    postgres: "",
};
