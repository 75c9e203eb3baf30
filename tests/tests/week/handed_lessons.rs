//! Published lessons of somebody whose login is shut: they stand until somebody decides who teaches them instead, and the
//! week is then shown anew.

use super::desk::{Desk, closed_round, code, published, said, solved};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::Client;

/// The one of the demo's pool who has a login.
fn teacher() -> PersonId {
    PersonId::new("he.daoshi")
}

async fn lessons(admin: &Client) -> Vec<LessonDuty> {
    let duties = admin.call(&ReadDuties { person: teacher() }).await;
    duties.expect("the teacher's duties").lessons
}

/// The first lesson of the teacher's that somebody could take, and that one.
pub async fn first(admin: &Client) -> HandOverLesson {
    let lessons = lessons(admin).await;
    let free = lessons.iter().find(|duty| !duty.takers.is_empty());
    let duty = free.unwrap_or_else(|| panic!("nobody can take any of {lessons:?}"));
    HandOverLesson {
        person: teacher(),
        week: duty.lesson.week,
        request: duty.lesson.request.clone(),
        lesson: duty.lesson.lesson,
        to: duty.takers[0].clone(),
    }
}

async fn of_role(desk: &Desk, role: Role) -> Client {
    desk.server.client(desk.server.login_of(role)).await.expect("a login")
}

/// Who teaches a lesson, as everybody is shown it, and the version of the week.
async fn shown(client: &Client, call: &HandOverLesson) -> (Vec<InstructorId>, i64) {
    let read = ReadTimetable {
        week: Some(call.week),
        by: TimetableBy::Instructor,
        id: None,
    };
    let mut week = client.call(&read).await.expect("a week");
    for choice in week.choices.clone() {
        let is_it = |one: &SittingView| one.request == call.request && one.lesson == call.lesson;
        if let Some(found) = week.sittings.iter().find(|one| is_it(one)) {
            return (found.instructors.clone(), week.published_version);
        }
        let id = Some(choice.id);
        week = client
            .call(&ReadTimetable { id, ..read.clone() })
            .await
            .expect("a week");
    }
    panic!("nobody teaches {call:?}");
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_of_somebody_gone_is_handed_over_and_the_week_shown_anew(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, second) = desk.coordinators().await;
    let admin = of_role(&desk, Role::SystemAdmin).await;
    let round = closed_round(&coordinator).await;
    let plan = solved(&coordinator, &round.id, None, 2).await.plan.expect("a plan");
    published(&coordinator, &second, &plan).await.expect("published");
    let gone = admin.call(&DeactivatePerson { person: teacher() }).await;
    let before = gone.expect("deactivated").lessons;
    let call = first(&admin).await;
    let visitor = desk.server.visitor();
    let (taught, version) = shown(&visitor, &call).await;
    let from = InstructorId::new("he_zhenghong");
    assert!(taught.contains(&from), "what is published stands: {taught:?}");

    // Whoever the referee refuses, and whoever may not decide.
    let pool = visitor.call(&ReadCatalog {}).await.expect("a catalog").instructors;
    let takers = &before
        .iter()
        .find(|duty| duty.lesson.request == call.request && duty.lesson.lesson == call.lesson);
    let takers = &takers.expect("the lesson").takers;
    let unfit = pool
        .iter()
        .find(|one| !takers.contains(&one.id) && !taught.contains(&one.id));
    let to = |to: &InstructorId| HandOverLesson {
        to: to.clone(),
        ..call.clone()
    };
    let unfit = to(&unfit.expect("not everybody can teach everything").id);
    assert_eq!(code(&admin, &unfit).await, Some(ProblemCode::RulesBroken));
    assert_eq!(code(&admin, &to(&from)).await, Some(ProblemCode::Stale));
    assert_eq!(
        code(&admin, &to(&InstructorId::new("nobody"))).await,
        Some(ProblemCode::NotFound)
    );
    let stranger = of_role(&desk, Role::OrganizationAdmin).await;
    assert_eq!(code(&stranger, &call).await, Some(ProblemCode::NotFound));
    assert_eq!(code(&coordinator, &call).await, Some(ProblemCode::Forbidden));
    assert_eq!(
        shown(&visitor, &call).await,
        (taught.clone(), version),
        "nothing has happened"
    );

    let left = admin.call(&call).await.expect("handed over").lessons;
    assert_eq!(left.len(), before.len() - 1);
    let (now, after) = shown(&visitor, &call).await;
    assert!(now.contains(&call.to) && !now.contains(&from), "{now:?}");
    assert_eq!((now.len(), after), (taught.len(), version + 1));
    assert_eq!(code(&admin, &call).await, Some(ProblemCode::Stale), "once");
    let verified = desk.run(&["verify"]).await;
    assert!(verified.status.success(), "{}", said(&verified));
}

/// Two who decide about one lesson at one moment: one of them has decided, and the week has one more version.
#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_hand_over_at_one_moment_one_has_decided(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (coordinator, second) = desk.coordinators().await;
    let admin = of_role(&desk, Role::SystemAdmin).await;
    let round = closed_round(&coordinator).await;
    let plan = solved(&coordinator, &round.id, None, 2).await.plan.expect("a plan");
    published(&coordinator, &second, &plan).await.expect("published");
    let call = first(&admin).await;
    let (_, version) = shown(&coordinator, &call).await;
    let told = futures::future::join_all((0..8).map(|_| admin.call(&call))).await;
    let refused: Vec<_> = told
        .iter()
        .filter_map(|told| told.as_ref().err().map(|problem| problem.code))
        .collect();
    assert_eq!(refused, [ProblemCode::Stale; 7]);
    assert_eq!(shown(&coordinator, &call).await.1, version + 1);
}

/// Whoever is gone teaches nothing that is not published yet: for the catalog's pages and for every plan to come.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_new_is_planned_with_somebody_gone() {
    let desk = Desk::open(Kind::Sqlite).await;
    let (coordinator, _) = desk.coordinators().await;
    let admin = of_role(&desk, Role::SystemAdmin).await;
    let round = closed_round(&coordinator).await;
    let from = InstructorId::new("he_zhenghong");
    let of_week = ReadThingWeek {
        kind: ThingKind::Instructor,
        id: from.to_string(),
        week: Some(round.week),
    };
    let open = |client: Client| async move { client.call(&of_week).await.expect("a week").open };
    assert!(!open(coordinator.clone()).await.is_empty());
    admin
        .call(&DeactivatePerson { person: teacher() })
        .await
        .expect("deactivated");
    let plan = solved(&coordinator, &round.id, None, 2).await.plan.expect("a plan");
    let board = super::desk::board(&coordinator, &plan).await;
    assert!(board.lessons.iter().all(|lesson| !lesson.instructors.contains(&from)));
    assert!(board.lessons.iter().any(|lesson| !lesson.instructors.is_empty()));
    admin.call(&ReactivatePerson { person: teacher() }).await.expect("back");
    let again = solved(&coordinator, &round.id, None, 2).await.plan.expect("a plan");
    let board = super::desk::board(&coordinator, &again).await;
    assert!(board.lessons.iter().any(|lesson| lesson.instructors.contains(&from)));
}
