//! Why: one installation serves many alliances, and nothing of one may be seen by another.
//!
//! What: the alliance itself, with what holds for all of it: its zone, its period table, whether publishing
//! needs four eyes, and the travel time between bases that name none. `catalog_version` rises with every
//! change of the catalog, so that readers know when what they cached is old.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0001_alliances",
    both: r#"
CREATE TABLE alliances (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    four_eyes BOOLEAN NOT NULL,
    periods TEXT NOT NULL,
    catalog_version BIGINT NOT NULL,
    travel_default_min BIGINT NOT NULL,
    CONSTRAINT travel_takes_no_negative_time CHECK (travel_default_min >= 0)
);
"#,
    sqlite: "",
    postgres: "",
};
