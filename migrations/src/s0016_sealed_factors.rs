//! Why: a stolen copy of the database, or of a backup, must not make anybody's one-time codes.
//!
//! What: the secret of a second factor is sealed by a key that lies outside the database. `key_id` names the key; it is
//! empty where the secret still stands as it is, which the program seals at its next start. The alliance names the key that
//! its secrets are sealed with now, so that a process with another key is found before it seals anything.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0016_sealed_factors",
    both: r#"
ALTER TABLE alliances ADD COLUMN key_id TEXT;
ALTER TABLE second_factors RENAME COLUMN secret_hex TO sealed_hex;
ALTER TABLE second_factors ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
"#,
    sqlite: "",
    postgres: "",
};
