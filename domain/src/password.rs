//! What a password must be, by one of two profiles, and the type that keeps it out of logs.

use crate::violation::Violation;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Stands in what is printed for what is not shown.
pub const UNSHOWN: &str = "(…)";

/// A password on its way to be hashed or checked: it reads and writes as text, but shows nothing when it is printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String))]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Password{UNSHOWN}")
    }
}

/// By whose rules passwords are judged.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Profile {
    /// OWASP ASVS 5.0, level 2: length counts, what everybody uses is refused, no kinds of characters are asked for.
    #[default]
    Asvs,
    /// GB/T 22239-2019 (等保 2.0), level 3: length, three kinds of characters, a new one every so often.
    Dengbao,
}

/// Longest password, so that hashing stays bounded.
pub const LEN_MAX: i64 = 128;

impl Profile {
    pub const fn len_min(self) -> i64 {
        match self {
            // Eight is the least that the standard takes; it recommends fifteen where there is no second factor.
            Profile::Asvs => 10,
            Profile::Dengbao => 8,
        }
    }
    /// Whether a password has to be changed after some time. ASVS 5.0 forbids it (6.2.10): it makes people choose worse ones.
    pub const fn ages(self) -> bool {
        match self {
            Profile::Asvs => false,
            Profile::Dengbao => true,
        }
    }
    /// How many of the passwords before the present one are not taken again.
    pub const fn former_max(self) -> usize {
        match self {
            Profile::Asvs => 0,
            Profile::Dengbao => 5,
        }
    }
    /// Of capital letters, small letters, digits and other characters.
    pub const fn kinds_min(self) -> i64 {
        match self {
            Profile::Asvs => 1,
            Profile::Dengbao => 3,
        }
    }
}

/// Every rule that a new password breaks, but for what a list of used passwords knows.
pub fn check(profile: Profile, password: &Password, login: &str) -> Vec<Violation> {
    let text = &password.0;
    let mut broken = Vec::new();
    let (min, max, len) = (profile.len_min(), LEN_MAX, text.chars().count() as i64);
    if !(min..=max).contains(&len) {
        broken.push(Violation::PasswordLength { min, max, len });
    }
    let (kinds_min, kinds) = (profile.kinds_min(), kinds(text));
    if kinds < kinds_min {
        broken.push(Violation::PasswordPlain { kinds_min, kinds });
    }
    let lower = |text: &str| text.to_lowercase();
    if !login.is_empty() && (lower(text).contains(&lower(login)) || lower(login).contains(&lower(text))) {
        broken.push(Violation::PasswordIsLogin);
    }
    broken
}

fn kinds(text: &str) -> i64 {
    let has = |kind: fn(char) -> bool| i64::from(text.chars().any(kind));
    let other = |c: char| !c.is_ascii_alphanumeric();
    has(|c| c.is_ascii_uppercase()) + has(|c| c.is_ascii_lowercase()) + has(|c| c.is_ascii_digit()) + has(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(profile: Profile, password: &str) -> Vec<&'static str> {
        let broken = check(profile, &Password(password.into()), "li.jishi");
        broken.iter().map(Violation::code).collect()
    }

    #[test]
    fn length_is_what_asvs_asks_for() {
        assert_eq!(codes(Profile::Asvs, "correcthorse"), [] as [&str; 0]);
        assert_eq!(codes(Profile::Asvs, "云南楚雄彝族自治州的春天"), [] as [&str; 0]);
        assert_eq!(codes(Profile::Asvs, "correctho"), ["password_length"]);
        assert_eq!(codes(Profile::Asvs, &"长".repeat(129)), ["password_length"]);
    }

    #[test]
    fn kinds_are_what_dengbao_asks_for() {
        assert_eq!(codes(Profile::Dengbao, "Chuxiong7"), [] as [&str; 0]);
        assert_eq!(codes(Profile::Dengbao, "chuxiong7"), ["password_plain"]);
        assert_eq!(codes(Profile::Dengbao, "Chux7"), ["password_length"]);
    }

    #[test]
    fn a_password_is_not_the_login() {
        for like in ["li.jishi.2026", "LI.JISHI.2026", "x.li.jishi.x"] {
            assert_eq!(codes(Profile::Asvs, like), ["password_is_login"], "{like}");
        }
    }

    #[test]
    fn a_password_shows_nothing_when_it_is_printed() {
        assert_eq!(format!("{:?}", Password("secret".into())), "Password(…)");
    }
}
