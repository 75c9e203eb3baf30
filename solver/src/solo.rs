//! What each organization could have if it were alone: a cap that no plan passes.
//!
//! Taking other lessons away never breaks a rule. So the most that one organization's own lessons can reach, by a small
//! integer program of its own, bounds what it is granted in any plan. Many organizations are held by nothing but
//! themselves (a group that no room seats, two lessons of one class at the only hour); with these caps they are known
//! to be full, and need no program of their own later.

use crate::model::Model;
use crate::program::{Ask, Kind, Program, Running, Verdict};
use crate::search::Search;
use crate::solve::Run;
use crate::world::World;
use domain::instance::Instance;
use highs::Sense;

/// Limits of one organization's program.
const SECONDS_MAX: f64 = 1.0;
const NODES_MAX: i32 = 500;

/// Lowers the caps of a tier. Who has its cap in the best plan cannot have a lower one.
pub fn lower_caps(search: &mut Search, tier: usize, seconds: f64) {
    let short: Vec<usize> = search.short_of_cap(tier).collect();
    let number = search.model.tiers[tier];
    for (organization, most) in most_alone(search.run, &short, number, seconds) {
        let column = &mut search.model.program.columns[search.model.granted[organization][tier]];
        column.upper = column.upper.min(most);
    }
}

/// Most minutes of each of these organizations in tiers up to this one, where its program came to a bound.
pub fn most_alone(run: &Run, organizations: &[usize], tier: i64, seconds: f64) -> Vec<(usize, f64)> {
    let began = run.elapsed();
    let mut found = Vec::new();
    for some in organizations.chunks(run.options.threads.max(1) as usize) {
        let left = (seconds - (run.elapsed() - began)).min(run.left());
        let mut under_way: Vec<(usize, Program, Running)> = Vec::new();
        for organization in some {
            let program = alone(run.world, *organization, tier);
            let running = program.0.start(&Ask {
                sense: Sense::Maximise,
                cost: &program.1,
                kind: Kind::Integer {
                    warm: None,
                    nodes: NODES_MAX,
                    gap: 0.0,
                },
                seconds: left.min(SECONDS_MAX),
                threads: 1,
                seed: run.options.seed,
                cancelled: run.cancelled,
            });
            under_way.extend(running.map(|running| (*organization, program.0, running)));
        }
        for (organization, program, running) in under_way {
            let Some(answer) = running.answer(&program, run.cancelled) else {
                continue;
            };
            if matches!(answer.verdict, Verdict::Proved | Verdict::Stopped) && answer.bound.is_finite() {
                found.push((organization, (answer.bound + 1e-4).floor()));
            }
        }
    }
    found
}

/// The program of one organization's requests in a world of its own, and its minutes as objective.
fn alone(world: &World, organization: usize, tier: i64) -> (Program, Vec<f64>) {
    let own = world.requests.iter().zip(&world.instance.requests);
    let counts = own.filter(|(facts, asked)| facts.organization == organization && asked.tier <= tier);
    let requests = counts.map(|(_, asked)| asked.clone()).collect();
    let whole = &world.instance;
    let instance = Instance {
        requests,
        format: whole.format.clone(),
        calendar: whole.calendar.clone(),
        travel: whole.travel.clone(),
        organizations: whole.organizations.clone(),
        rooms: whole.rooms.clone(),
        equipment: whole.equipment.clone(),
        instructors: whole.instructors.clone(),
        budget: whole.budget.clone(),
    };
    let world = World::new(&instance);
    let model = Model::new(&world);
    let mut cost = vec![0.0; model.program.columns.len()];
    let minutes = model.granted[organization].last();
    minutes.into_iter().for_each(|column| cost[*column] = 1.0);
    (model.program, cost)
}
