//! Members and people: who joins, acts, is suspended and leaves, and what an admin reaches.

mod admins;
mod links;

use super::desk::{Desk, any_draft, code, form, lathe_draft};
use super::doors::{sql, store};
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::Role;
use domain::standing::StandingState;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::Client;

const NEW: &str = "彝乡的火把照亮三月的夜";

async fn of_role(desk: &Desk, role: Role) -> Client {
    desk.server.client(desk.server.login_of(role)).await.expect("a login")
}

fn jishi() -> OrganizationId {
    OrganizationId::new("jishi")
}

fn everybody() -> ListPeople {
    ListPeople { organization: None }
}

fn token(link: &InvitationLink) -> Password {
    Password(link.path.trim_start_matches("/join/").to_owned())
}

fn submit(form: &FormView) -> SubmitRequest {
    SubmitRequest {
        id: form.id.clone(),
        round: form.round.id.clone(),
        version: 0,
        draft: any_draft(form),
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_organization_asks_for_nothing_until_the_end(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (admin, trainer) = (
        of_role(&desk, Role::SystemAdmin).await,
        desk.signed_in("li.jishi").await,
    );
    let open = form(&trainer).await;
    let asked = trainer
        .call(&submit(&open))
        .await
        .expect("it asks while it is in good standing");
    let today = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date")
        + chrono::Days::new((open.now_at_min / 1440) as u64);
    let suspend = |version, until| SuspendOrganization {
        id: jishi(),
        version,
        reason: "三次爽约".into(),
        until,
    };
    assert_eq!(
        code(&admin, &suspend(0, today)).await,
        Some(ProblemCode::RulesBroken),
        "an end that has come"
    );
    let later = today + chrono::Days::new(30);
    let members = admin.call(&suspend(0, later)).await.expect("suspended").organizations;
    let member = members
        .iter()
        .find(|member| member.organization.id == jishi())
        .expect("the school");
    assert_eq!(
        (member.standing.state, member.steps.len()),
        (StandingState::Suspended, 1)
    );
    assert_eq!(code(&admin, &suspend(0, later)).await, Some(ProblemCode::Stale));

    let next = form(&trainer).await;
    let refused = trainer.call(&submit(&next)).await.expect_err("it may not ask");
    assert_eq!(
        refused
            .violations
            .iter()
            .map(|broken| broken.code())
            .collect::<Vec<_>>(),
        ["member_suspended"]
    );
    let amend = AmendRequest {
        id: asked.id.clone(),
        version: asked.version,
        draft: lathe_draft(&next),
    };
    assert_eq!(code(&trainer, &amend).await, Some(ProblemCode::RulesBroken));
    trainer
        .call(&ReadRequest { id: asked.id.clone() })
        .await
        .expect("its past is readable");

    // Its end comes by itself.
    sql(&store(&desk).await, "UPDATE standing_steps SET until_at_min = 1").await;
    trainer.call(&submit(&next)).await.expect("it asks again");

    let leave = LetOrganizationLeave {
        id: jishi(),
        version: 1,
        reason: "学校合并".into(),
    };
    admin.call(&leave).await.expect("it leaves");
    let last = form(&trainer).await;
    let refused = trainer.call(&submit(&last)).await.expect_err("gone");
    assert_eq!(refused.violations[0].code(), "member_left");
    trainer
        .call(&ReadRequest { id: asked.id })
        .await
        .expect("its past is readable");
    let lift = LiftSuspension {
        id: jishi(),
        version: 2,
    };
    assert_eq!(code(&admin, &lift).await, Some(ProblemCode::WrongState));
    admin
        .call(&ReadmitOrganization {
            id: jishi(),
            version: 2,
        })
        .await
        .expect("it comes back");
    trainer.call(&submit(&last)).await.expect("it asks again");
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_organization_s_admin_gives_and_takes_inside_alone(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let admin = of_role(&desk, Role::OrganizationAdmin).await;
    let people = admin.call(&everybody()).await.expect("the own people").people;
    assert!(
        people
            .iter()
            .all(|person| person.memberships.iter().all(|seat| seat.organization == Some(jishi())))
    );
    assert!(people.iter().any(|person| person.id.as_str() == "li.jishi"));
    let other = OrganizationId::new("zhiyuan");
    let elsewhere = ListPeople {
        organization: Some(other.clone()),
    };
    assert_eq!(code(&admin, &elsewhere).await, Some(ProblemCode::NotFound));
    let invite = |role, organization| InvitePerson {
        role,
        organization,
        days: 7,
    };
    for (role, organization, told) in [
        (Role::Requester, Some(other.clone()), ProblemCode::NotFound),
        (Role::SystemAdmin, None, ProblemCode::Forbidden),
        (Role::Coordinator, Some(jishi()), ProblemCode::Forbidden),
        (Role::Instructor, Some(jishi()), ProblemCode::Forbidden),
    ] {
        assert_eq!(code(&admin, &invite(role, organization)).await, Some(told), "{role:?}");
    }
    let set = |person: &str, role| SetRole {
        person: PersonId::new(person),
        organization: Some(jishi()),
        role,
    };
    assert_eq!(
        code(&admin, &set("luo.zhiyuan", Role::Requester)).await,
        Some(ProblemCode::NotFound)
    );
    assert_eq!(
        code(&admin, &set("li.jishi", Role::Coordinator)).await,
        Some(ProblemCode::Forbidden)
    );
    assert_eq!(
        code(&admin, &set("wang.jishi", Role::Requester)).await,
        Some(ProblemCode::Forbidden),
        "the own role"
    );
    let trainer = desk.signed_in("li.jishi").await;
    assert_eq!(code(&trainer, &everybody()).await, Some(ProblemCode::NotFound));
    admin
        .call(&set("li.jishi", Role::OrganizationAdmin))
        .await
        .expect("another admin");
    assert_eq!(
        code(&trainer, &everybody()).await,
        None,
        "it holds from the next request"
    );
    let take = TakeRole {
        person: PersonId::new("li.jishi"),
        organization: Some(jishi()),
    };
    admin.call(&take).await.expect("the role is taken");
    let session = trainer.call(&ReadSession {}).await.expect("the login stays");
    assert_eq!((session.organization, session.memberships.len()), (None, 0));
    assert_eq!(code(&trainer, &everybody()).await, Some(ProblemCode::NotFound));
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_once_and_until_it_is_revoked(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let admin = of_role(&desk, Role::OrganizationAdmin).await;
    let invite = InvitePerson {
        role: Role::Requester,
        organization: Some(jishi()),
        days: 7,
    };
    let (first, second) = (
        admin.call(&invite).await.expect("a link"),
        admin.call(&invite).await.expect("another"),
    );
    assert_ne!(first.path, second.path);
    let listed = admin.call(&everybody()).await.expect("people").invitations;
    assert_eq!(listed.len(), 2);
    let left = admin
        .call(&RevokeInvitation { id: first.id.clone() })
        .await
        .expect("revoked")
        .invitations;
    assert_eq!(left.iter().map(|open| &open.id).collect::<Vec<_>>(), [&second.id]);
    let guest = desk.server.visitor();
    let join = |link: &InvitationLink, login: &str| AcceptInvitation {
        token: token(link),
        login: login.into(),
        name: "新老师".into(),
        password: Password(NEW.into()),
        identity: None,
    };
    assert_eq!(
        code(&guest, &join(&first, "xin.jishi")).await,
        Some(ProblemCode::NotFound)
    );
    let session = guest.call(&join(&second, "xin.jishi")).await.expect("joined");
    assert_eq!(session.organization.map(|member| member.id), Some(jishi()));
    assert_eq!(
        code(&desk.server.visitor(), &join(&second, "er.jishi")).await,
        Some(ProblemCode::NotFound)
    );
    let third = admin.call(&invite).await.expect("a third");
    sql(&store(&desk).await, "UPDATE invitations SET expires_ms = 1").await;
    assert_eq!(
        code(&desk.server.visitor(), &join(&third, "san.jishi")).await,
        Some(ProblemCode::NotFound),
        "too late"
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_two_organizations_acts_for_one_at_a_time(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let admin = of_role(&desk, Role::OrganizationAdmin).await;
    let guest = desk.signed_in("luo.zhiyuan").await;
    let own = form(&guest).await;
    let asked = guest.call(&submit(&own)).await.expect("for the own organization");
    let invite = InvitePerson {
        role: Role::Requester,
        organization: Some(jishi()),
        days: 7,
    };
    let link = admin.call(&invite).await.expect("a link");
    let joined = guest.call(&JoinAsSelf { token: token(&link) }).await.expect("joined");
    assert_eq!(joined.memberships.len(), 2);
    assert_eq!(joined.organization.map(|member| member.id), Some(jishi()));
    assert_eq!(
        code(&guest, &ReadRequest { id: asked.id.clone() }).await,
        Some(ProblemCode::NotFound),
        "it acts for the other"
    );
    let back = ActFor {
        organization: Some(OrganizationId::new("zhiyuan")),
    };
    guest.call(&back).await.expect("it switches");
    guest
        .call(&ReadRequest { id: asked.id })
        .await
        .expect("from the next request on");
    let (_, page) = guest.page("/").await;
    assert!(page.contains("action=\"/act-for\"") && page.contains("州技师学院"));
    let never = ActFor {
        organization: Some(OrganizationId::new("yunneng")),
    };
    assert_eq!(code(&guest, &never).await, Some(ProblemCode::NotFound));
    // Its login is not the one organization's to shut.
    let shut = DeactivatePerson {
        person: PersonId::new("luo.zhiyuan"),
    };
    assert_eq!(code(&admin, &shut).await, Some(ProblemCode::Forbidden));
    let shown = admin.call(&everybody()).await.expect("people").people;
    let guest = shown
        .iter()
        .find(|person| person.id.as_str() == "luo.zhiyuan")
        .expect("a member here");
    assert!(
        guest.shared && guest.memberships.len() == 1,
        "what is elsewhere is not shown: {guest:?}"
    );
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_person_is_out_at_once_and_hands_over_by_decision(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let admin = of_role(&desk, Role::OrganizationAdmin).await;
    let trainer = desk.signed_in("li.jishi").await;
    let own = form(&trainer).await;
    let asked = trainer.call(&submit(&own)).await.expect("asked");
    let person = PersonId::new("li.jishi");
    let duties = admin
        .call(&DeactivatePerson { person: person.clone() })
        .await
        .expect("deactivated");
    assert_eq!(
        code(&trainer, &ReadSession {}).await,
        Some(ProblemCode::SignInNeeded),
        "at once"
    );
    let entry = desk.server.login("li.jishi");
    assert!(desk.server.client(entry).await.is_err(), "no new session either");
    assert!(!duties.active && duties.requests.iter().any(|duty| duty.id == asked.id));
    let to = PersonId::new("wang.jishi");
    assert!(duties.colleagues.iter().any(|colleague| colleague.id == to));
    let hand = |to: &str| HandOver {
        request: asked.id.clone(),
        from: person.clone(),
        to: PersonId::new(to),
    };
    assert_eq!(
        code(&admin, &hand("luo.zhiyuan")).await,
        Some(ProblemCode::NotFound),
        "not of this organization"
    );
    let left = admin.call(&hand("wang.jishi")).await.expect("handed over");
    assert!(left.requests.iter().all(|duty| duty.id != asked.id));
    assert_eq!(
        code(&admin, &hand("wang.jishi")).await,
        Some(ProblemCode::Stale),
        "only from whoever answers for it"
    );
    let story = admin
        .call(&ReadRequest { id: asked.id.clone() })
        .await
        .expect("readable")
        .story;
    assert_eq!(story[0].by, "李雪梅", "the past stays");
    admin.call(&ReactivatePerson { person }).await.expect("back");
    desk.signed_in("li.jishi").await;
    let own = DeactivatePerson { person: to };
    assert_eq!(
        code(&admin, &own).await,
        Some(ProblemCode::Forbidden),
        "nobody shuts the own login"
    );
}

/// The pages are there for those who may, in the bar and by address, and for nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_people_and_members_are_their_admins() {
    let desk = Desk::open(Kind::Sqlite).await;
    for (path, readers) in [
        ("/people", &[Role::OrganizationAdmin, Role::SystemAdmin][..]),
        ("/people/of/li.jishi", &[Role::OrganizationAdmin, Role::SystemAdmin]),
        ("/organizations", &[Role::SystemAdmin]),
    ] {
        for role in <Role as strum::VariantArray>::VARIANTS {
            let client = of_role(&desk, *role).await;
            let wanted = if readers.contains(role) { 200 } else { 404 };
            assert_eq!(client.page(path).await.0, wanted, "{path} {role:?}");
        }
        assert_eq!(desk.server.visitor().page(path).await.0, 303, "{path}");
    }
}
