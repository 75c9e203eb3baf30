//! The writes of members and people.

use super::Witness;
use crate::week::desk::Desk;
use crate::week::handed_lessons;
use backend::clock::new_id;
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::{OrganizationKind, Role};

/// What admins do to members and people, and the trainer to the own memberships.
pub async fn walk(witness: &mut Witness, desk: &Desk) {
    let admin = desk
        .server
        .client(desk.server.login_of(Role::SystemAdmin))
        .await
        .expect("the alliance's admin");
    let trainer = desk.signed_in("li.jishi").await;
    let id = OrganizationId::new(new_id());
    let admit = AdmitOrganization {
        id: id.clone(),
        name: "州烹饪协会".into(),
        name_en: "Cooks' association".into(),
        seal: "烹饪".into(),
        kind: OrganizationKind::Association,
        weight: 1.0,
    };
    witness.once(&admin, &admit).await;
    // A month ahead of whatever day the test runs on.
    let today = trainer.call(&ReadHome {}).await.expect("a home").now_at_min / 1440;
    let until = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date") + chrono::Days::new(today as u64 + 30);
    let reason = "三次爽约".to_owned();
    let suspend = SuspendOrganization {
        id: id.clone(),
        version: 0,
        reason,
        until,
    };
    witness.once(&admin, &suspend).await;
    witness
        .once(
            &admin,
            &LiftSuspension {
                id: id.clone(),
                version: 1,
            },
        )
        .await;
    let reason = "自愿退出".to_owned();
    witness
        .once(
            &admin,
            &LetOrganizationLeave {
                id: id.clone(),
                version: 2,
                reason,
            },
        )
        .await;
    witness
        .once(
            &admin,
            &ReadmitOrganization {
                id: id.clone(),
                version: 3,
            },
        )
        .await;

    let rule = SetSecondFactorRule {
        alliance: AllianceId::new("chuxiong"),
        required: false,
    };
    witness.once(&admin, &rule).await;

    let invite = InvitePerson {
        role: Role::Requester,
        organization: Some(id.clone()),
        days: 7,
    };
    let revoked = admin.call(&invite).await.expect("a link");
    witness.once(&admin, &RevokeInvitation { id: revoked.id }).await;
    let link = admin.call(&invite).await.expect("another link");
    let token = Password(link.path.trim_start_matches("/join/").to_owned());
    witness.once(&trainer, &JoinAsSelf { token }).await;
    let own = trainer.call(&ReadSession {}).await.expect("a session");
    let school = own
        .memberships
        .iter()
        .find(|seat| seat.organization.as_ref() != Some(&id));
    let organization = school.expect("the school").organization.clone();
    witness
        .once(
            &trainer,
            &ActFor {
                organization: organization.clone(),
            },
        )
        .await;

    let request = trainer
        .call(&ListRequests {
            round: None,
            organization: None,
            state: None,
        })
        .await;
    let request = request
        .expect("requests")
        .requests
        .into_iter()
        .next()
        .expect("the trainer has asked")
        .id;
    let (from, to) = (own.person.clone(), PersonId::new("luo.zhiyuan"));
    let role = Role::Requester;
    let set = SetRole {
        person: to.clone(),
        organization: organization.clone(),
        role,
    };
    witness.once(&admin, &set).await;
    let owner = requests_owner(witness, &request).await;
    witness
        .once(
            &admin,
            &HandOver {
                request,
                from: owner,
                to: to.clone(),
            },
        )
        .await;
    witness
        .once(
            &admin,
            &TakeRole {
                person: to.clone(),
                organization,
            },
        )
        .await;
    witness.once(&admin, &DeactivatePerson { person: to.clone() }).await;
    witness.once(&admin, &ReactivatePerson { person: to }).await;
    witness.once(&admin, &handed_lessons::first(&admin).await).await;
    let phone = domain::phone::PhoneText("13812345678".into());
    let set = SetPhone {
        person: PersonId::new("luo.zhiyuan"),
        phone: phone.clone(),
    };
    witness.once(&admin, &set).await;
    witness.once(&trainer, &SetOwnPhone { phone }).await;
    let leaver = PersonId::new("luo.zhiyuan");
    witness.once(&admin, &ErasePerson { person: leaver }).await;
    let put_back = TakeRole {
        person: from,
        organization: Some(id),
    };
    admin.call(&put_back).await.expect("the membership ends");
}

/// Who answers for a request.
async fn requests_owner(witness: &Witness, request: &RequestId) -> PersonId {
    let tx = witness.store.read().await.expect("a read");
    let record = backend::store::requests::get(&tx, &witness.alliance, request).await;
    record.expect("a row").expect("the request").created_by
}
