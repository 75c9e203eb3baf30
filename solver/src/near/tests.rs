//! Neighbourhoods of a generated week.

use super::*;
use crate::compress::Compressed;
use crate::generate::{Size, generate};
use crate::greedy;
use crate::meter::Meter;
use crate::solve::tests::{options, run};
use crate::solve::{Options, Progress, Run};
use crate::trades::Trades;
use highs::Sense;

#[test]
fn where_nothing_has_a_place_nothing_is_freed() {
    let turns = Turns {
        turn: 0,
        size: COLUMNS_LEAST,
        trades: Vec::new(),
        columns: 0,
        around: true,
    };
    assert_eq!(turns.cells(), BTreeSet::new());
}

/// By work, so that the same is told on every machine.
#[test]
fn what_is_found_is_told_now_and_then_and_only_rises() {
    let world = World::new(&generate(Size::Small, 4));
    let model = Model::new(&world);
    let (compressed, trades) = (Compressed::of(&world, &model.needs), Trades::of(&world, &model.needs));
    let places = greedy::places(&world);
    let mut lines: Vec<Progress> = Vec::new();
    let mut hear = |line| lines.push(line);
    let options = Options {
        nodes: Some(100),
        ..options()
    };
    let mut run = Run {
        meter: Meter::counting(),
        ..run(&world, &options, &mut hear)
    };
    let mut search = Search {
        run: &mut run,
        model,
        compressed: &compressed,
        trades: &trades,
        places: &places,
        best: greedy::plan(&world, &places),
        proved: true,
        cuts: Vec::new(),
        contest: None,
        side_by_side: 1,
        turn: 0,
    };
    let last = search.model.tiers.len() - 1;
    let caps = search.caps(last);
    let mut stage = search.whole_stage(Sense::Maximise);
    let granted: Vec<usize> = search.model.granted.iter().map(|columns| columns[last]).collect();
    granted.iter().for_each(|column| stage.cost[*column] = 1.0);
    let first = search.warm(last).expect("a plan has columns");
    let before = stage.worth(&first);
    let told = Told::Minutes {
        stage: "granted",
        tier: last,
        at_most: &caps,
        bound: Some(caps.iter().sum()),
    };
    let found = improve_near(&mut search, &mut stage, first, told, 4.0);
    let after = stage.worth(&found);
    assert!(before < after && 1 < lines.len(), "{before} {after} {lines:?}");
    let figures: Vec<f64> = lines.iter().filter_map(|line| line.incumbent).collect();
    assert!(figures.iter().all(|figure| before < *figure && *figure <= after + 1e-6));
    assert!(figures.windows(2).all(|pair| pair[0] <= pair[1]), "{figures:?}");
    assert!(lines.windows(2).all(|pair| pair[0].seconds + 0.5 <= pair[1].seconds));
    assert!(lines.iter().all(|line| line.stage == "granted" && line.gap.is_some()));
}
