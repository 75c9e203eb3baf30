//! Views of one's own account, open and behind each bar.

use super::now_at_min;
use domain::access::Bar;
use domain::api::*;
use domain::id::*;
use domain::password::Profile;
use domain::people::Role;

/// An account behind a bar: its role is held by a second factor, and there is none yet.
pub fn barred_account() -> AccountView {
    AccountView {
        bar: Some(Bar::SecondFactor),
        second_factor: false,
        recovery_codes_left: 0,
        ..account()
    }
}

/// An account behind the other bar: its password is too old.
pub fn expired_account() -> AccountView {
    AccountView {
        bar: Some(Bar::Password),
        password_profile: Profile::Dengbao,
        password_until_min: Some(now_at_min()),
        ..account()
    }
}

/// An account with two sessions and a second factor.
pub fn account() -> AccountView {
    let row = |id: &str, here: bool| SessionRow {
        id: SessionId::new(id),
        opened_at_min: now_at_min() - 90,
        seen_at_min: now_at_min() - 2,
        here,
    };
    AccountView {
        person: PersonId::new("chen"),
        name: "陈静".into(),
        login: "chen".into(),
        phone: Some("138****5678".into()),
        role: Role::Coordinator,
        bar: None,
        sessions: vec![row("a1", true), row("b2", false)],
        second_factor: true,
        second_factor_needed: true,
        recovery_codes_left: 9,
        password_profile: Default::default(),
        password_until_min: None,
        sign_on: Some(SignOnView {
            label: "统一身份认证".into(),
            label_en: "single sign-on".into(),
            linked: None,
        }),
    }
}
