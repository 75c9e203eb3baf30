//! Why: members join an alliance, are suspended and leave, and what they did must stay readable; and a person may act for
//! more than one of them.
//!
//! What: the steps of a member's standing, of which the last one counts; a member without a step is in good standing. And
//! what a person may act as: a role in a member (`seat` is its id) or in the alliance itself (`seat` is empty). The role
//! and the organization of the person's own row are what the person acts as now.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0012_members",
    both: r#"
CREATE TABLE standing_steps (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    organization_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    until_at_min BIGINT,
    at_min BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (alliance_id, organization_id, version),
    CONSTRAINT a_standing_is_of_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_standing_is_known CHECK (state IN ('good', 'suspended', 'left')),
    CONSTRAINT a_suspension_has_an_end CHECK (state <> 'suspended' OR until_at_min IS NOT NULL)
);

CREATE TABLE memberships (
    alliance_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    seat TEXT NOT NULL,
    organization_id TEXT,
    role TEXT NOT NULL,
    PRIMARY KEY (alliance_id, person_id, seat),
    CONSTRAINT a_membership_is_of_a_person FOREIGN KEY (alliance_id, person_id)
        REFERENCES people (alliance_id, id) ON DELETE CASCADE,
    CONSTRAINT a_membership_is_in_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_seat_is_where_it_says CHECK (seat = COALESCE(organization_id, '')),
    CONSTRAINT a_membership_has_a_known_role CHECK (role IN
        ('requester', 'organization_admin', 'instructor', 'coordinator', 'auditor', 'system_admin'))
);
CREATE INDEX memberships_by_organization ON memberships (alliance_id, organization_id);
INSERT INTO memberships (alliance_id, person_id, seat, organization_id, role)
    SELECT alliance_id, id, COALESCE(organization_id, ''), organization_id, role FROM people;
"#,
    sqlite: "",
    postgres: "",
};
