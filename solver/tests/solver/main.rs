//! The solver at its border: instance in, plan out. Nothing here knows how a plan is found.

mod brute;
mod cancel;
mod certificate;
mod components;
mod corpus;
mod fairness;
mod figures;
mod large;
mod metamorphic;
mod pins;
mod promises;
mod reasons;
mod remedies;
mod repair;
mod rules;
mod scarce;
mod splitting;
mod tried;
mod waste;
mod week;
