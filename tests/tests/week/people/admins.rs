//! No way round: nobody gives a role to themselves, and an alliance keeps an admin.

use super::{of_role, token};
use crate::week::desk::{Desk, code};
use crate::week::doors::{sql, store};
use domain::api::*;
use domain::id::*;
use domain::people::Role;
use rstest::rstest;
use sea_orm::ConnectionTrait;
use tests::databases::{Kind, waiting};
use tests::server::Client;

fn auditor() -> InvitePerson {
    InvitePerson {
        role: Role::Auditor,
        organization: None,
        days: 7,
    }
}

async fn role(client: &Client) -> Role {
    client.call(&ReadSession {}).await.expect("a session").role
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_a_link_of_their_own_and_the_last_admin_takes_no_other_role(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let admin = of_role(&desk, Role::SystemAdmin).await;
    let link = admin.call(&auditor()).await.expect("a link");
    let join = JoinAsSelf { token: token(&link) };
    assert_eq!(code(&admin, &join).await, Some(ProblemCode::Forbidden));
    assert_eq!(role(&admin).await, Role::SystemAdmin);
    // A link of whoever is at the machine.
    sql(&store(&desk).await, "UPDATE invitations SET invited_by = NULL").await;
    assert_eq!(code(&admin, &join).await, Some(ProblemCode::WrongState));
    assert_eq!(role(&admin).await, Role::SystemAdmin);
    let trainer = desk.signed_in("li.jishi").await;
    trainer.call(&join).await.expect("it is good for anybody else");
    assert_eq!(role(&trainer).await, Role::Auditor);
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_take_each_other_s_role_one_stays(#[case] kind: Kind) {
    let desk = Desk::open(kind).await;
    let first = of_role(&desk, Role::SystemAdmin).await;
    let second = desk.signed_in("li.jishi").await;
    let invite = InvitePerson {
        role: Role::SystemAdmin,
        ..auditor()
    };
    let link = first.call(&invite).await.expect("a link");
    second
        .call(&JoinAsSelf { token: token(&link) })
        .await
        .expect("another admin");
    let make_auditor = |person: &str| SetRole {
        person: PersonId::new(person),
        organization: None,
        role: Role::Auditor,
    };
    let (of_second, of_first) = (make_auditor("li.jishi"), make_auditor("duan.xitong"));
    // Both have been let through by the matrix before either of them can write.
    let store = store(&desk).await;
    let busy = store.write().await.expect("a transaction");
    if kind == Kind::Postgres {
        busy.execute_unprepared("LOCK TABLE memberships IN EXCLUSIVE MODE")
            .await
            .expect("a lock");
    }
    let released = async {
        if kind == Kind::Postgres {
            while waiting(&store).await.expect("a count") < 2 {}
        }
        busy.commit().await.expect("a commit");
    };
    let (one, other, ()) = tokio::join!(first.call(&of_second), second.call(&of_first), released);
    assert_eq!(
        [&one, &other].iter().filter(|told| told.is_ok()).count(),
        1,
        "{one:?} {other:?}"
    );
    let roles = [role(&first).await, role(&second).await];
    assert!(
        roles.contains(&Role::SystemAdmin) && roles.contains(&Role::Auditor),
        "{roles:?}"
    );
}
