//! Every page's address, once: constants for the router, builders for links.

use domain::id::{EquipmentId, InstructorId, PersonId, RequestId, RoomId, RoundId};

pub const HOME: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
/// To the identity provider, and back.
pub const SIGN_ON: &str = "/sign-on";
pub const SIGN_ON_BACK: &str = "/sign-on/back";
pub const SIGN_ON_CODE: &str = "/sign-on/code";
pub const LANG: &str = "/lang";
pub const CATALOG: &str = "/catalog";
pub const CATALOG_ROOM: &str = "/catalog/room/{id}";
pub const CATALOG_EQUIPMENT: &str = "/catalog/equipment/{id}";
pub const INSTRUCTORS: &str = "/instructors";
pub const INSTRUCTOR: &str = "/instructors/{id}";
pub const REQUESTS: &str = "/requests";
pub const REQUEST_NEW: &str = "/requests/new";
/// A form that is answered by a preview, and what the preview leads to.
pub const IMPORT: &str = "/requests/import";
pub const IMPORT_NOW: &str = "/requests/import/now";
pub const IMPORT_TEMPLATE_CSV: &str = "/requests/import/template.csv";
pub const IMPORT_TEMPLATE_XLSX: &str = "/requests/import/template.xlsx";
pub const REQUEST: &str = "/requests/{id}";
pub const REQUEST_EDIT: &str = "/requests/{id}/edit";
pub const ROUNDS: &str = "/rounds";
pub const ROUND: &str = "/rounds/{id}";
pub const BOARD: &str = "/rounds/{id}/board";
pub const TIMETABLE: &str = "/timetable";
pub const FAIRNESS: &str = "/fairness";
pub const JOIN: &str = "/join/{id}";
pub const JOIN_AS_SELF: &str = "/join-as-self";
pub const ACT_FOR: &str = "/act-for";
pub const ORGANIZATIONS: &str = "/organizations";
pub const ORGANIZATIONS_ADMIT: &str = "/organizations/admit";
pub const ORGANIZATIONS_SUSPEND: &str = "/organizations/suspend";
pub const ORGANIZATIONS_LIFT: &str = "/organizations/lift";
pub const ORGANIZATIONS_LEAVE: &str = "/organizations/leave";
pub const ORGANIZATIONS_READMIT: &str = "/organizations/readmit";
pub const PEOPLE: &str = "/people";
pub const PEOPLE_INVITE: &str = "/people/invite";
pub const PEOPLE_REVOKE: &str = "/people/revoke-invitation";
pub const PEOPLE_FACTOR_RULE: &str = "/people/second-factor-rule";
pub const PEOPLE_ROLE: &str = "/people/role";
pub const PEOPLE_TAKE_ROLE: &str = "/people/take-role";
pub const PEOPLE_DEACTIVATE: &str = "/people/deactivate";
pub const PEOPLE_REACTIVATE: &str = "/people/reactivate";
pub const PEOPLE_HAND_OVER: &str = "/people/hand-over";
pub const PEOPLE_HAND_OVER_LESSON: &str = "/people/hand-over-lesson";
pub const PEOPLE_PHONE: &str = "/people/phone";
pub const PEOPLE_PHONE_REVEAL: &str = "/people/phone/reveal";
pub const PEOPLE_ERASE: &str = "/people/erase";
pub const PERSON: &str = "/people/of/{id}";
pub const PERSON_ERASE: &str = "/people/of/{id}/erase";
pub const ACCOUNT: &str = "/account";
pub const ACCOUNT_END_SESSION: &str = "/account/end-session";
pub const ACCOUNT_PASSWORD: &str = "/account/password";
pub const ACCOUNT_PHONE: &str = "/account/phone";
pub const ACCOUNT_PHONE_REVEAL: &str = "/account/phone/reveal";
pub const ACCOUNT_EXPORT: &str = "/account/export";
pub const ACCOUNT_FACTOR: &str = "/account/second-factor";
pub const ACCOUNT_FACTOR_CONFIRM: &str = "/account/second-factor/confirm";
pub const ACCOUNT_FACTOR_END: &str = "/account/second-factor/end";
pub const ACCOUNT_IDENTITY_LINK: &str = "/account/identity/link";
pub const ACCOUNT_IDENTITY_UNLINK: &str = "/account/identity/unlink";
pub const AUDIT: &str = "/audit";
pub const NOTICES: &str = "/notices";

pub fn room(id: &RoomId) -> String {
    with_id(CATALOG_ROOM, id.as_str())
}
pub fn equipment(id: &EquipmentId) -> String {
    with_id(CATALOG_EQUIPMENT, id.as_str())
}
pub fn instructor(id: &InstructorId) -> String {
    with_id(INSTRUCTOR, id.as_str())
}
pub fn request(id: &RequestId) -> String {
    with_id(REQUEST, id.as_str())
}
pub fn request_edit(id: &RequestId) -> String {
    with_id(REQUEST_EDIT, id.as_str())
}
pub fn round(id: &RoundId) -> String {
    with_id(ROUND, id.as_str())
}
pub fn board(id: &RoundId) -> String {
    with_id(BOARD, id.as_str())
}
pub fn person(id: &PersonId) -> String {
    with_id(PERSON, id.as_str())
}
pub fn person_erase(id: &PersonId) -> String {
    with_id(PERSON_ERASE, id.as_str())
}
/// What an invitation opens; its token is the id.
pub fn join(token: &str) -> String {
    with_id(JOIN, token)
}
/// The language switch: sets the cookie and comes back.
pub fn lang(to: crate::Lang, back: &str) -> String {
    with_query(LANG, &[("to", to.code()), ("back", back)])
}

/// An address with its query; empty values are left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

fn with_id(path: &str, id: &str) -> String {
    path.replace("{id}", &encoded(id))
}

/// Percent-encoding of everything but unreserved characters. RFC 3986, section 2.3.
pub fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if keep(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_chinese_and_separators() {
        assert_eq!(room(&RoomId::new("数控/a")), "/catalog/room/%E6%95%B0%E6%8E%A7%2Fa");
        assert_eq!(
            lang(crate::Lang::En, "/requests?state=draft"),
            "/lang?to=en&back=%2Frequests%3Fstate%3Ddraft"
        );
        assert_eq!(
            with_query(CATALOG, &[("base", ""), ("feature", "cnc")]),
            "/catalog?feature=cnc"
        );
    }
}
