//! Why: the solver works for minutes, may crash, and may be stopped or resumed too late; its answers are
//! drafts that coordinators edit, approve, publish or throw away.
//!
//! What: runs as leased jobs, their progress, and plans. A worker holds a run until `lease_until_ms`;
//! `generation` rises with every claim, so that the answer of a worker that lost its lease is refused. A round
//! has at most one run that is queued or running. The instance is saved with run and plan: what was solved
//! stays explainable when the catalog has moved on. Runs name plans without a reference, because plans name
//! the run that made them.

use crate::step::Step;

pub const STEP: Step = Step {
    name: "0005_plans",
    both: r#"
CREATE TABLE runs (
    alliance_id TEXT NOT NULL,
    id TEXT NOT NULL,
    round_id TEXT NOT NULL,
    from_plan TEXT,
    state TEXT NOT NULL,
    seconds_max BIGINT NOT NULL,
    started_by TEXT NOT NULL,
    queued_at_min BIGINT NOT NULL,
    started_at_min BIGINT,
    plan_id TEXT,
    failure TEXT,
    stop_asked BOOLEAN NOT NULL,
    worker TEXT,
    lease_until_ms BIGINT,
    generation BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    instance TEXT NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_run_is_of_a_round FOREIGN KEY (alliance_id, round_id) REFERENCES rounds (alliance_id, id),
    CONSTRAINT a_run_is_started_by_a_person FOREIGN KEY (alliance_id, started_by) REFERENCES people (alliance_id, id),
    CONSTRAINT a_run_state_is_known CHECK (state IN ('queued', 'running', 'done', 'stopped', 'failed'))
);
CREATE UNIQUE INDEX a_round_has_one_active_run ON runs (alliance_id, round_id) WHERE state IN ('queued', 'running');
CREATE INDEX runs_by_round ON runs (alliance_id, round_id);
-- Few runs are active at a time: this is what a worker reads when it looks for work.
CREATE INDEX active_runs ON runs (queued_at_min, id) WHERE state IN ('queued', 'running');

CREATE TABLE run_progress (
    alliance_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    point BIGINT NOT NULL,
    stage TEXT NOT NULL,
    incumbent DOUBLE PRECISION,
    bound DOUBLE PRECISION,
    gap DOUBLE PRECISION,
    seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (alliance_id, run_id, point),
    CONSTRAINT progress_is_of_a_run FOREIGN KEY (alliance_id, run_id) REFERENCES runs (alliance_id, id)
);

CREATE TABLE plans (
    alliance_id TEXT NOT NULL,
    id TEXT NOT NULL,
    round_id TEXT NOT NULL,
    run_id TEXT,
    version BIGINT NOT NULL,
    instance TEXT NOT NULL,
    plan TEXT NOT NULL,
    label TEXT NOT NULL,
    edited BOOLEAN NOT NULL,
    approved TEXT,
    made_by TEXT NOT NULL,
    created_at_min BIGINT NOT NULL,
    discarded BOOLEAN NOT NULL,
    PRIMARY KEY (alliance_id, id),
    CONSTRAINT a_plan_is_of_a_round FOREIGN KEY (alliance_id, round_id) REFERENCES rounds (alliance_id, id),
    CONSTRAINT a_plan_is_made_by_a_run FOREIGN KEY (alliance_id, run_id) REFERENCES runs (alliance_id, id),
    CONSTRAINT a_plan_is_made_by_a_person FOREIGN KEY (alliance_id, made_by) REFERENCES people (alliance_id, id),
    CONSTRAINT a_plan_is_approved_by_a_person FOREIGN KEY (alliance_id, approved) REFERENCES people (alliance_id, id)
);
CREATE INDEX plans_by_round ON plans (alliance_id, round_id);
"#,
    sqlite: "",
    postgres: "",
};
