//! Why: who did what must be known for years, and nobody, not even whoever runs the database, may quietly rewrite it.
//!
//! What: the audit log, one entry a mutation, committed with it. The entries of an alliance are numbered without a gap,
//! and each carries the SHA-256 of itself and its predecessor, so that an edited, deleted, swapped or inserted entry
//! breaks the chain. The head says where the chain ends; it is noted outside the database as well. The log is append-only
//! by the schema: entries are never changed or deleted. It holds ids and codes, never a name.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0009_audit",
    both: r#"
CREATE TABLE audit (
    alliance_id TEXT NOT NULL REFERENCES alliances (id),
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    organization_id TEXT,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    facts TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (alliance_id, seq),
    CONSTRAINT an_entry_has_one_id UNIQUE (alliance_id, id),
    CONSTRAINT the_log_is_numbered_from_one CHECK (seq >= 1)
);
CREATE INDEX audit_by_event ON audit (alliance_id, event, seq);
CREATE INDEX audit_by_actor ON audit (alliance_id, actor, seq);
CREATE INDEX audit_by_subject ON audit (alliance_id, subject, seq);

CREATE TABLE audit_heads (
    alliance_id TEXT NOT NULL PRIMARY KEY REFERENCES alliances (id),
    seq BIGINT NOT NULL,
    sha256 TEXT NOT NULL
);
INSERT INTO audit_heads (alliance_id, seq, sha256) SELECT id, 0, '' FROM alliances;
"#,
    sqlite: r#"
CREATE TRIGGER an_entry_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the_log_is_append_only');
END;

CREATE TRIGGER an_entry_is_never_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the_log_is_append_only');
END;

CREATE TRIGGER the_head_goes_forward BEFORE UPDATE ON audit_heads
WHEN NEW.seq <> OLD.seq + 1 OR NEW.alliance_id <> OLD.alliance_id
BEGIN
    SELECT RAISE(ABORT, 'the_log_is_append_only');
END;

CREATE TRIGGER the_head_is_never_deleted BEFORE DELETE ON audit_heads
BEGIN
    SELECT RAISE(ABORT, 'the_log_is_append_only');
END;
"#,
    postgres: r#"
CREATE FUNCTION refuse_to_change_the_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the_log_is_append_only'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'the_log_is_append_only';
END;
$$;

CREATE TRIGGER an_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_log();

CREATE TRIGGER the_log_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_log();

CREATE TRIGGER the_head_goes_forward BEFORE UPDATE ON audit_heads
    FOR EACH ROW WHEN (NEW.seq <> OLD.seq + 1 OR NEW.alliance_id <> OLD.alliance_id)
    EXECUTE FUNCTION refuse_to_change_the_log();

CREATE TRIGGER the_head_is_never_deleted BEFORE DELETE ON audit_heads
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_log();

CREATE TRIGGER the_heads_are_never_emptied BEFORE TRUNCATE ON audit_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_the_log();
"#,
};
