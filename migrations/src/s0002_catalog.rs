//! Why: requests, plans and the timetable all speak of members, bases, rooms, equipment, instructors and
//! cohorts, and a coordinator or an import may replace all of it at once.
//!
//! What: one table a noun. `position` keeps the order in which the catalog was written, because lists are
//! shown in it. References are checked at commit: a replacement deletes and inserts in any order and still
//! cannot leave a room without a base or a cohort without its organization.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0002_catalog",
    both: r#"
CREATE TABLE organizations (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    seal TEXT NOT NULL,
    kind TEXT NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    quota_min BIGINT,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_weight_is_positive CHECK (weight > 0)
);

CREATE TABLE bases (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    host_id TEXT,
    address TEXT NOT NULL,
    open TEXT NOT NULL,
    safety_induction BOOLEAN NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_base_is_hosted_by_a_member FOREIGN KEY (alliance_id, host_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE rooms (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    base_id TEXT NOT NULL,
    center TEXT NOT NULL,
    name TEXT NOT NULL,
    part_of TEXT,
    features TEXT NOT NULL,
    seats BIGINT NOT NULL,
    open TEXT,
    turnaround_min BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_room_is_in_a_base FOREIGN KEY (alliance_id, base_id)
        REFERENCES bases (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_bay_is_part_of_a_room FOREIGN KEY (alliance_id, part_of)
        REFERENCES rooms (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_room_is_not_part_of_itself CHECK (part_of <> id),
    CONSTRAINT a_room_has_no_negative_figures CHECK (seats >= 0 AND turnaround_min >= 0)
);
CREATE INDEX rooms_by_base ON rooms (alliance_id, base_id);
CREATE INDEX rooms_by_whole ON rooms (alliance_id, part_of);

CREATE TABLE equipment (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    base_id TEXT NOT NULL,
    room_id TEXT,
    name TEXT NOT NULL,
    units BIGINT NOT NULL,
    qualification_needed BOOLEAN NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT equipment_is_in_a_base FOREIGN KEY (alliance_id, base_id)
        REFERENCES bases (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fixed_equipment_is_in_a_room FOREIGN KEY (alliance_id, room_id)
        REFERENCES rooms (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT equipment_has_no_negative_units CHECK (units >= 0)
);

-- What features and skills are called.
CREATE TABLE words (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    PRIMARY KEY (alliance_id, kind, id),
    CONSTRAINT a_word_names_a_feature_or_a_skill CHECK (kind IN ('feature', 'skill'))
);

CREATE TABLE instructors (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    industry TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    skills TEXT NOT NULL,
    available TEXT NOT NULL,
    day_max_min BIGINT,
    agreed_from TEXT NOT NULL,
    agreed_until TEXT NOT NULL,
    week_max_min BIGINT,
    serves TEXT,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT an_instructor_is_employed_by_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE cohorts (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    headcount BIGINT NOT NULL,
    qualifications TEXT NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_cohort_belongs_to_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_cohort_has_no_negative_head_count CHECK (headcount >= 0)
);

-- Closed or broken; `what` says which base, room, unit or instructor.
CREATE TABLE blackouts (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    what TEXT NOT NULL,
    from_min BIGINT NOT NULL,
    until_min BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_blackout_ends_after_it_begins CHECK (from_min < until_min)
);

-- Minutes between two bases, either way.
CREATE TABLE travel (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    one_base_id TEXT NOT NULL,
    other_base_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, one_base_id, other_base_id),
    CONSTRAINT travel_begins_at_a_base FOREIGN KEY (alliance_id, one_base_id)
        REFERENCES bases (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT travel_ends_at_a_base FOREIGN KEY (alliance_id, other_base_id)
        REFERENCES bases (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_way_takes_no_negative_time CHECK (minutes >= 0)
);

-- Holidays, and workdays that make up for them.
CREATE TABLE special_days (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    date TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (alliance_id, date)
);
"#,
    sqlite: "",
    postgres: "",
};
