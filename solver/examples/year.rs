//! A year of weeks with the ledger: does everybody get, in the long run, what fair weeks would have given?
//!
//! `year --weeks 52 --size small --seconds 2` solves the weeks of one alliance one after another, each with the
//! histories that the ledger makes of the weeks before, and prints what each member was granted beside its claims. The
//! same year is lived twice more: with one member that asks for ten times as much, of which only what it needs counts,
//! and with one that splits into five members of a fifth of its weight.

use domain::fairness::{LedgerLine, due_after, histories};
use domain::id::{OrganizationId, RequestId};
use domain::instance::{Instance, Member, Request};
use domain::plan::Plan;
use solver::{Method, Options, Size, check, generate, solve};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// Minutes of a member's usual week, for the ledger's bound on what may be owed.
const TYPICAL_WEEK_MIN: i64 = 1800;
const PADDED: i64 = 10;
const PARTS: usize = 5;
/// Stands between the name of a request and the number of its copy.
const COPY: &str = "~";

struct Args {
    weeks: u64,
    size: Size,
    seconds: f64,
}

fn main() -> ExitCode {
    let args = match read() {
        Ok(args) => args,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    };
    let honest = lived(&args, &|week| week);
    println!(
        "| member | weight | asked, h | claims, h | granted, h | granted/claims |\n| --- | --- | --- | --- | --- | --- |"
    );
    for (id, total) in &honest.members {
        println!(
            "| {id} | {} | {:.1} | {:.1} | {:.1} | {:.4} |",
            total.weight,
            total.asked as f64 / 60.0,
            total.claims as f64 / 60.0,
            total.granted as f64 / 60.0,
            total.granted as f64 / total.claims.max(1) as f64
        );
    }
    let all = |year: &Year| year.members.values().map(|total| total.granted).sum::<i64>() as f64;
    println!(
        "\nweeks without all claims: {}; granted {:.1} h",
        honest.unknown,
        all(&honest) / 60.0
    );
    let who = most_contested(&honest);
    let more = |after: i64, before: i64| 100.0 * (after as f64 / before as f64 - 1.0);
    let alone = &honest.members[&who];
    let padded = lived(&args, &|week| padded(week, &who));
    println!(
        "{who} asks for {PADDED} times as much: {:+.2} % of what it needs; weeks without all claims: {}",
        more(padded.members[&who].needed, alone.granted),
        padded.unknown
    );
    let split = lived(&args, &|week| split(week, &who));
    let parts = || {
        let members = split.members.iter();
        members
            .filter(|(id, _)| id.as_str().starts_with(who.as_str()))
            .map(|(_, total)| total)
    };
    println!(
        "{who} splits into {PARTS}: granted {:+.2} %, claims {:+.2} %; weeks without all claims: {}",
        more(parts().map(|total| total.granted).sum(), alone.granted),
        more(parts().map(|total| total.claims).sum(), alone.claims),
        split.unknown
    );
    if honest.sound && padded.sound && split.sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn read() -> Result<Args, String> {
    let mut args = Args {
        weeks: 52,
        size: Size::Small,
        seconds: 2.0,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        let wrong = || format!("{word} {value}: see the head of the file");
        match word.as_str() {
            "--weeks" => args.weeks = value.parse().map_err(|_| wrong())?,
            "--seconds" => args.seconds = value.parse().map_err(|_| wrong())?,
            "--size" => args.size = Size::named(&value).ok_or_else(wrong)?,
            _ => return Err(wrong()),
        }
    }
    Ok(args)
}

#[derive(Default)]
struct Total {
    weight: f64,
    asked: i64,
    claims: i64,
    granted: i64,
    /// Granted of what it would have asked without padding.
    needed: i64,
}

struct Year {
    members: BTreeMap<OrganizationId, Total>,
    /// Weeks whose claims were not all known in time; what was granted counts as claim there.
    unknown: u64,
    sound: bool,
}

/// The weeks, one after another, each changed by `turned`.
fn lived(args: &Args, turned: &dyn Fn(Instance) -> Instance) -> Year {
    let mut dues: BTreeMap<OrganizationId, i64> = BTreeMap::new();
    let mut year = Year {
        members: BTreeMap::new(),
        unknown: 0,
        sound: true,
    };
    let first = generate(args.size, 1);
    for week in 1..=args.weeks {
        let whole = Instance {
            organizations: first.organizations.clone(),
            ..generate(args.size, week)
        };
        let needs: Vec<Request> = whole.requests.clone();
        let mut instance = turned(whole);
        remembered(&mut instance.organizations, &dues);
        let Some(plan) = solved(&instance, args.seconds) else {
            year.sound = false;
            break;
        };
        year.sound &= check(&instance, &plan).is_clean();
        let needed = needed(&needs, &plan);
        instance.organizations.sort_by(|a, b| a.id.cmp(&b.id));
        year.unknown += u64::from(plan.organizations.iter().any(|member| member.memoryless.is_none()));
        for (member, granted) in instance.organizations.iter().zip(&plan.organizations) {
            let claim = granted.memoryless.map(|claim| claim.round() as i64);
            let line = LedgerLine {
                organization: member.id.clone(),
                asked_min: granted.asked,
                claim_min: claim.unwrap_or(granted.granted),
                granted_min: granted.granted,
                used_min: granted.granted,
                lost_min: 0,
                due_min: 0,
            };
            let due = dues.entry(member.id.clone()).or_insert(0);
            *due = due_after(*due, &line, TYPICAL_WEEK_MIN);
            let total = year.members.entry(member.id.clone()).or_default();
            total.weight = member.weight;
            total.asked += line.asked_min;
            total.claims += line.claim_min;
            total.granted += line.granted_min;
            total.needed += needed.get(&member.id).copied().unwrap_or(0);
        }
    }
    year
}

fn remembered(members: &mut [Member], dues: &BTreeMap<OrganizationId, i64>) {
    let owed: Vec<(f64, i64)> = members
        .iter()
        .map(|member| (member.weight, dues.get(&member.id).copied().unwrap_or(0)))
        .collect();
    for (member, history) in members.iter_mut().zip(histories(&owed)) {
        member.history = history;
    }
}

fn solved(instance: &Instance, seconds: f64) -> Option<Plan> {
    let options = Options {
        seconds,
        nodes: None,
        threads: 2,
        seed: 1,
        method: Method::Optimal,
        explain: false,
    };
    #[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
    let began = std::time::Instant::now();
    solve(
        instance,
        &options,
        &mut |_| {},
        &|| began.elapsed().as_secs_f64(),
        &|| false,
    )
    .ok()
}

/// Minutes that members were granted of what they need, whichever of several equal requests they got it by.
fn needed(needs: &[Request], plan: &Plan) -> BTreeMap<OrganizationId, i64> {
    let mut lessons: BTreeMap<&str, i64> = BTreeMap::new();
    for lesson in &plan.assignments {
        let id = lesson.request.as_str();
        *lessons.entry(id.split(COPY).next().unwrap_or(id)).or_insert(0) += 1;
    }
    let mut needed = BTreeMap::new();
    for need in needs {
        let granted = lessons.get(need.id.as_str()).copied().unwrap_or(0).min(need.lessons);
        *needed.entry(need.organization.clone()).or_insert(0) += granted * need.minutes;
    }
    needed
}

/// The member that got the least of what it asked: padding would pay for it first.
fn most_contested(year: &Year) -> OrganizationId {
    let part = |total: &Total| total.granted as f64 / total.asked.max(1) as f64;
    let lowest = year.members.iter().min_by(|a, b| part(a.1).total_cmp(&part(b.1)));
    lowest.map(|(id, _)| id.clone()).expect("an alliance has members")
}

/// Ten requests in place of each of one member's.
fn padded(week: Instance, who: &OrganizationId) -> Instance {
    let mut week = week;
    let own: Vec<_> = week
        .requests
        .iter()
        .filter(|request| request.organization == *who)
        .cloned()
        .collect();
    for copy in 1..PADDED {
        week.requests.extend(own.iter().map(|request| {
            let mut request = request.clone();
            request.id = RequestId::new(format!("{}{COPY}{copy}", request.id));
            request.pinned.clear();
            request
        }));
    }
    week
}

/// Five members in place of one, each with a fifth of its weight and of its requests.
fn split(week: Instance, who: &OrganizationId) -> Instance {
    let mut week = week;
    let part = |n: usize| OrganizationId::new(format!("{who}-{n}"));
    let own = week.requests.iter_mut().filter(|request| request.organization == *who);
    own.enumerate()
        .for_each(|(n, request)| request.organization = part(n % PARTS));
    let whole = week.organizations.iter().find(|member| member.id == *who).cloned();
    week.organizations.retain(|member| member.id != *who);
    week.organizations.extend(whole.into_iter().flat_map(|whole| {
        (0..PARTS).map(move |n| Member {
            id: part(n),
            weight: whole.weight / PARTS as f64,
            ..whole.clone()
        })
    }));
    for instructor in &mut week.instructors {
        if let Some(served) = &mut instructor.organizations
            && served.contains(who)
        {
            served.extend((0..PARTS).map(part));
        }
    }
    week
}
