//! Why: whoever answers for a lesson must be reached when a machine breaks, and whoever leaves may ask to be forgotten,
//! without taking the history of the alliance along.
//!
//! What: phone numbers, apart from the people, so that nothing that reads a person ever holds a number by the way. And who
//! was erased: the row of the person stays, because requests, plans and steps name it, under a placeholder with this
//! number. `swept` is false until the bytes that were deleted have left the database's file too.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0020_personal_data",
    both: r#"
CREATE TABLE phones (
    alliance_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (alliance_id, person_id),
    CONSTRAINT a_phone_is_of_a_person FOREIGN KEY (alliance_id, person_id)
        REFERENCES people (alliance_id, id) ON DELETE CASCADE
);

CREATE TABLE erasures (
    alliance_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    at_min BIGINT NOT NULL,
    swept BOOLEAN NOT NULL,
    PRIMARY KEY (alliance_id, person_id),
    CONSTRAINT a_number_is_given_once UNIQUE (alliance_id, number),
    CONSTRAINT an_erasure_is_of_a_person FOREIGN KEY (alliance_id, person_id) REFERENCES people (alliance_id, id)
);
"#,
    sqlite: "",
    postgres: "",
};
