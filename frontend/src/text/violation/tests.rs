//! Every rule has all its words in both languages.

use super::*;
use std::collections::BTreeSet;

#[test]
fn samples_have_one_value_of_every_rule() {
    let codes: BTreeSet<&str> = samples::one_of_each().iter().map(Violation::code).collect();
    assert_eq!(codes.len(), samples::one_of_each().len());
    let titles = include_str!("title.rs")
        .lines()
        .filter(|line| line.contains(" => (\""))
        .count();
    assert_eq!(
        codes.len(),
        titles,
        "title.rs has one arm a rule; samples.rs must have one value a rule"
    );
}

#[test]
fn every_rule_has_title_detail_and_remedy_in_both_languages() {
    for broken in samples::one_of_each() {
        let zh = violation(Lang::Zh, &broken, &names::nobody());
        let en = violation(Lang::En, &broken, &names::nobody());
        for (zh, en) in [
            (&zh.title, &en.title),
            (&zh.detail, &en.detail),
            (&zh.remedy, &en.remedy),
        ] {
            assert!(!zh.is_empty() && !en.is_empty(), "{}", broken.code());
            assert!(!zh.is_ascii() && zh != en, "{}: {zh} / {en}", broken.code());
        }
    }
}

#[test]
fn a_short_window_names_need_place_and_lack() {
    let broken = Violation::WindowTooShort {
        window: domain::time::Span::new(4 * 1440 + 960, 4 * 1440 + 1060),
        minutes: 120,
    };
    let words = violation(Lang::Zh, &broken, &names::nobody());
    assert_eq!(
        words.detail,
        "每课次需要 120 分钟相连；周五 16:00–17:40 只有 100 分钟。"
    );
    assert_eq!(words.remedy, "在周五 16:00–17:40 前后再补 20 分钟，或去掉这一段");
}

#[test]
fn a_rule_is_found_by_its_code() {
    assert_eq!(rule(Lang::Zh, "room_closed"), "实训室不开放");
    assert_eq!(rule(Lang::En, "cut_off_passed"), "The cut-off has passed");
    assert_eq!(rule(Lang::En, "no_such_rule"), "no_such_rule");
}
