//! Instance in, plan out: the only place that knows mathematics.
//!
//! Pure and deterministic: no IO, no clock (elapsed seconds come in through a closure), no environment. The same
//! instance, in whatever order its lists stand, with the same options and a budget of nodes (`meter`), or enough time,
//! gives the same plan.
//! The modules stand in reading order. It lacks: storage, words for people, several weeks at once.

pub mod alone;
pub mod board;
pub mod bounds;
pub mod certificate;
pub mod chains;
pub mod check;
pub mod claims;
pub mod compare;
pub mod components;
pub mod compress;
pub mod contest;
pub mod counts;
pub mod crew;
pub mod dice;
pub mod edited;
pub mod explain;
pub mod fairness;
pub mod filled;
pub mod gaps;
pub mod generate;
pub mod greedy;
pub mod hearing;
pub mod held;
pub mod instance;
pub mod interrupt;
pub mod ladder;
pub mod levels;
pub mod live;
pub mod memoryless;
pub mod meter;
pub mod model;
pub mod moves;
pub mod names;
pub mod near;
pub mod needs;
pub mod opening;
pub mod part;
pub mod pins;
pub mod placement;
pub mod plan;
pub mod pools;
pub mod problems;
pub mod program;
pub mod quality;
pub mod race;
pub mod regained;
pub mod remedy;
pub mod replan;
pub mod rows;
pub mod run;
pub mod rungs;
pub mod scarce;
pub mod search;
pub mod solution;
pub mod solve;
pub mod trades;
pub mod travel;
pub mod wholes;
pub mod world;

pub use check::{Report, check};
pub use compare::{Comparison, compare};
pub use edited::refusals;
pub use generate::{Size, generate};
pub use instance::{Problem, parse, problems, sha256};
pub use run::Keeps;
pub use solve::{Failure, Method, Options, Progress, solve, solve_keeping};
