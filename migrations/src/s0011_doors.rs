//! Why: a password alone is stolen easily, and whoever plans for everybody or manages people needs more than one; and
//! people come in by an invitation, because there is no password that anybody else has ever known.
//!
//! What: the second factor of a person with its recovery codes, and one-time invitations. Of a recovery code and of an
//! invitation only the hash is stored. A secret counts once it was confirmed by a code; `last_step` is the last code that
//! opened, so that none opens twice.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0011_doors",
    both: r#"
CREATE TABLE second_factors (
    alliance_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    secret_hex TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL,
    last_step BIGINT NOT NULL,
    PRIMARY KEY (alliance_id, person_id),
    CONSTRAINT a_second_factor_is_of_a_person FOREIGN KEY (alliance_id, person_id)
        REFERENCES people (alliance_id, id) ON DELETE CASCADE
);

CREATE TABLE recovery_codes (
    alliance_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    code_sha256 TEXT NOT NULL,
    PRIMARY KEY (alliance_id, person_id, code_sha256),
    CONSTRAINT a_recovery_code_is_of_a_person FOREIGN KEY (alliance_id, person_id)
        REFERENCES people (alliance_id, id) ON DELETE CASCADE
);

CREATE TABLE invitations (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    token_sha256 TEXT NOT NULL,
    role TEXT NOT NULL,
    organization_id TEXT,
    invited_by TEXT,
    expires_ms BIGINT NOT NULL,
    accepted_by TEXT,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_token_opens_one_invitation UNIQUE (token_sha256),
    CONSTRAINT an_invitation_is_into_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT an_invitation_is_accepted_by_a_person FOREIGN KEY (alliance_id, accepted_by)
        REFERENCES people (alliance_id, id)
);
CREATE INDEX invitations_by_organization ON invitations (alliance_id, organization_id);
"#,
    sqlite: "",
    postgres: "",
};
