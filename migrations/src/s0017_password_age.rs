//! Why: 等保 2.0 wants passwords to be changed every so often, and not back to one that was used before.
//!
//! What: since when a person has the password, and the hashes of a few that came before it, which are kept only under that
//! profile and only as many as it asks for. Passwords that are there already begin to age with this step.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0017_password_age",
    both: r#"
ALTER TABLE people ADD COLUMN password_set_ms BIGINT NOT NULL DEFAULT 0;

CREATE TABLE former_passwords (
    alliance_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, person_id, password_hash),
    CONSTRAINT a_former_password_is_of_a_person FOREIGN KEY (alliance_id, person_id)
        REFERENCES people (alliance_id, id) ON DELETE CASCADE
);
"#,
    sqlite: "UPDATE people SET password_set_ms = CAST(strftime('%s', 'now') AS INTEGER) * 1000;",
    postgres: "UPDATE people SET password_set_ms = CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT);",
};
