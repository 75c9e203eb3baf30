//! Why: somebody acts, and the server must know who, from a cookie that proves nothing by itself.
//!
//! What: people with a login and the hash of their password, and their sessions. A session is found by the
//! SHA-256 of its token, so that a stolen copy of the database opens no session; it ends with its person.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0003_people",
    both: r#"
CREATE TABLE people (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    id TEXT NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    organization_id TEXT,
    instructor_id TEXT,
    active BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_login_is_unique UNIQUE (alliance_id, login),
    CONSTRAINT a_person_belongs_to_a_member FOREIGN KEY (alliance_id, organization_id)
        REFERENCES organizations (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_person_is_an_instructor_of_the_pool FOREIGN KEY (alliance_id, instructor_id)
        REFERENCES instructors (alliance_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT a_role_is_known CHECK (role IN
        ('requester', 'organization_admin', 'instructor', 'coordinator', 'auditor', 'system_admin'))
);
CREATE INDEX people_by_organization ON people (alliance_id, organization_id);
CREATE INDEX people_by_instructor ON people (alliance_id, instructor_id);

CREATE TABLE sessions (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    alliance_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    last_seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    CONSTRAINT a_session_belongs_to_a_person FOREIGN KEY (alliance_id, person_id)
        REFERENCES people (alliance_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_person ON sessions (alliance_id, person_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_ms);
"#,
    sqlite: "",
    postgres: "",
};
