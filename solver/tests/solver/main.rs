//! The solver at its border: instance in, plan out. Nothing here knows how a plan is found.

mod brute;
mod corpus;
mod fairness;
mod figures;
mod metamorphic;
mod promises;
mod reasons;
mod remedies;
mod repair;
mod rules;
mod scarce;
mod tried;
mod waste;
mod week;
