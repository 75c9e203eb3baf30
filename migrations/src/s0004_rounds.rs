//! Why: every week has one cycle of collecting, planning and publishing, and members ask for time in it.
//!
//! What: rounds, requests and the story of each request. `version` is compared and swapped on every change,
//! so that a stale page is refused. A request's number is what people quote; it counts within its round.
//! A round names its published plan without a reference, because plans come later and name their round.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0004_rounds",
    both: r#"
CREATE TABLE rounds (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    week TEXT NOT NULL,
    state TEXT NOT NULL,
    cut_off_min BIGINT NOT NULL,
    version BIGINT NOT NULL,
    published_plan TEXT,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_week_has_one_round UNIQUE (alliance_id, week),
    CONSTRAINT a_round_state_is_known CHECK (state IN
        ('open', 'closed', 'planning', 'review', 'published', 'running', 'settled'))
);

CREATE TABLE requests (
    alliance_id TEXT NOT NULL,
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    round_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    draft TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at_min BIGINT NOT NULL,
    updated_at_min BIGINT NOT NULL,
    note TEXT,
    granted_lessons BIGINT,
    missing TEXT,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_number_is_unique_in_its_round UNIQUE (alliance_id, round_id, number),
    CONSTRAINT a_request_is_made_in_a_round FOREIGN KEY (alliance_id, round_id) REFERENCES rounds (alliance_id, id),
    CONSTRAINT a_request_is_made_by_a_person FOREIGN KEY (alliance_id, created_by) REFERENCES people (alliance_id, id),
    CONSTRAINT a_request_belongs_to_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_request_state_is_known CHECK (state IN
        ('draft', 'submitted', 'returned', 'proposed', 'confirmed', 'partly_confirmed', 'not_granted',
         'completed', 'withdrawn', 'cancelled', 'rejected', 'expired'))
);
CREATE INDEX requests_by_organization ON requests (alliance_id, organization_id);
CREATE INDEX requests_by_state ON requests (alliance_id, round_id, state);

CREATE TABLE request_steps (
    alliance_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    step BIGINT NOT NULL,
    state TEXT NOT NULL,
    at_min BIGINT NOT NULL,
    by_person TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (alliance_id, request_id, step),
    CONSTRAINT a_step_is_of_a_request FOREIGN KEY (alliance_id, request_id) REFERENCES requests (alliance_id, id),
    CONSTRAINT a_step_is_taken_by_a_person FOREIGN KEY (alliance_id, by_person) REFERENCES people (alliance_id, id)
);
"#,
    sqlite: "",
    postgres: "",
};
