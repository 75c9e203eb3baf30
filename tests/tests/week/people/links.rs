//! A link does not outlive what it was made with.

use super::{NEW, everybody, jishi, of_role, token};
use crate::week::desk::{Desk, code};
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::Role;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::Client;

fn invite() -> InvitePerson {
    InvitePerson {
        role: Role::Requester,
        organization: Some(jishi()),
        days: 7,
    }
}

/// Whether somebody still comes in by it.
async fn opens(desk: &Desk, link: &InvitationLink, login: &str) -> Option<ProblemCode> {
    let join = AcceptInvitation {
        token: token(link),
        login: login.into(),
        name: "新老师".into(),
        password: Password(NEW.into()),
        identity: None,
    };
    code(&desk.server.visitor(), &join).await
}

/// Each way to lose what a link was made with.
#[derive(Debug, Clone, Copy)]
enum Loss {
    AnotherRole,
    NoRole,
    Login,
    Everything,
}

async fn lose(system: &Client, loss: Loss) {
    let person = PersonId::new("li.jishi");
    let organization = Some(jishi());
    match loss {
        Loss::AnotherRole => {
            let role = Role::Requester;
            let set = SetRole {
                person,
                organization,
                role,
            };
            system.call(&set).await.expect("another role");
        }
        Loss::NoRole => {
            let take = TakeRole { person, organization };
            system.call(&take).await.expect("the role is taken");
        }
        Loss::Login => {
            system.call(&DeactivatePerson { person }).await.expect("deactivated");
        }
        Loss::Everything => {
            system.call(&ErasePerson { person }).await.expect("erased");
        }
    }
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_what_its_maker_loses(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let (system, admin) = (
        of_role(&desk, Role::SystemAdmin).await,
        of_role(&desk, Role::OrganizationAdmin).await,
    );
    let auditor = of_role(&desk, Role::Auditor).await;
    let kept = admin.call(&invite()).await.expect("a colleague's link");
    for loss in [Loss::AnotherRole, Loss::NoRole, Loss::Login, Loss::Everything] {
        let again = ReactivatePerson {
            person: PersonId::new("li.jishi"),
        };
        system.call(&again).await.expect("the login is open");
        let make_admin = SetRole {
            person: PersonId::new("li.jishi"),
            organization: Some(jishi()),
            role: Role::OrganizationAdmin,
        };
        system.call(&make_admin).await.expect("an admin");
        let maker = desk.signed_in("li.jishi").await;
        let link = maker.call(&invite()).await.expect("a link");
        lose(&system, loss).await;
        assert_eq!(
            opens(&desk, &link, "xin.jishi").await,
            Some(ProblemCode::NotFound),
            "{loss:?}"
        );
        let open = admin.call(&everybody()).await.expect("people").invitations;
        assert_eq!(
            open.iter().map(|open| &open.id).collect::<Vec<_>>(),
            [&kept.id],
            "{loss:?}"
        );
        let newest = ReadAudit {
            event: None,
            actor: Some("duan.xitong".into()),
            subject: Some("li.jishi".into()),
            before: None,
        };
        let entry = auditor.call(&newest).await.expect("the log").entries.remove(0);
        assert_eq!(
            entry.facts.get("invitations").map(String::as_str),
            Some("1"),
            "{entry:?}"
        );
    }
    assert_eq!(
        opens(&desk, &kept, "er.jishi").await,
        None,
        "the colleague's is as good as ever"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_of_the_roles_may_give_stays() {
    let desk = Desk::open(Kind::Sqlite).await;
    let (system, admin) = (
        of_role(&desk, Role::SystemAdmin).await,
        of_role(&desk, Role::OrganizationAdmin).await,
    );
    let into_the_alliance = InvitePerson {
        role: Role::SystemAdmin,
        organization: None,
        days: 7,
    };
    let link = system.call(&into_the_alliance).await.expect("a link");
    admin.call(&JoinAsSelf { token: token(&link) }).await.expect("of both");
    let inside = admin.call(&invite()).await.expect("into the school");
    let outside = InvitePerson {
        organization: Some(OrganizationId::new("zhiyuan")),
        ..invite()
    };
    let outside = admin.call(&outside).await.expect("into another");
    let take = TakeRole {
        person: PersonId::new("wang.jishi"),
        organization: None,
    };
    system.call(&take).await.expect("the alliance's role is taken");
    assert_eq!(opens(&desk, &outside, "xin.zhiyuan").await, Some(ProblemCode::NotFound));
    assert_eq!(opens(&desk, &inside, "xin.jishi").await, None);
}
