//! Why: whoever has a login of a city's or a school's own identity provider need not remember another password here.
//!
//! What: which person an identity is. It is named by its issuer and its subject, which stay, and by nothing that looks like
//! a name or an address, which do not. An identity is one person's, and a person has one of an issuer.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0018_identities",
    both: r#"
CREATE TABLE identities (
    alliance_id TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id TEXT NOT NULL,
    linked_ms BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, issuer, subject),
    CONSTRAINT a_person_has_one_identity_of_an_issuer UNIQUE (alliance_id, person_id, issuer),
    CONSTRAINT an_identity_is_of_a_person FOREIGN KEY (alliance_id, person_id)
        REFERENCES people (alliance_id, id) ON DELETE CASCADE
);
"#,
    sqlite: "",
    postgres: "",
};
