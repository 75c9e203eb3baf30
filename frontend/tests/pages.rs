//! Every page draws from its view, in both languages, whole and without a forbidden thing.

#![cfg(feature = "ssr")]

mod samples;

use frontend::Lang;
use samples::gallery;

fn all(lang: Lang) -> Vec<(&'static str, String)> {
    gallery::sheets(lang)
        .into_iter()
        .map(|sheet| (sheet.name, gallery::html(lang, sheet, "/style.css")))
        .collect()
}

#[test]
fn every_page_is_one_document_with_landmarks_and_one_heading() {
    for lang in Lang::ALL {
        for (name, html) in all(lang) {
            assert!(html.starts_with("<!DOCTYPE html>"), "{name}");
            assert!(html.contains(&format!("<html lang=\"{}\"", lang.tag())), "{name}");
            for part in [
                "<header class=\"bar\"",
                "<main id=\"main\"",
                "<footer",
                "class=\"skip\"",
                "<title>",
            ] {
                assert!(html.contains(part), "{name} has no {part}");
            }
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
        }
    }
}

#[test]
fn no_page_has_inline_styles_or_scripts() {
    for (name, html) in all(Lang::Zh) {
        assert!(!html.contains(" style="), "{name}");
        assert!(!html.contains(" onclick="), "{name}");
        let scripts = html.matches("<script").count();
        assert_eq!(scripts, html.matches("<script type=\"module\" src=").count(), "{name}");
        assert_eq!(
            scripts == 1,
            html.contains("<leptos-island"),
            "{name}: a script exactly where an island is"
        );
    }
}

#[test]
fn every_control_has_a_label_and_every_column_a_scope() {
    for (name, html) in all(Lang::En) {
        for id in html.split(" id=\"f-").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(html.contains(&format!("for=\"f-{id}\"")), "{name}: {id}");
        }
        let heads = html
            .split("<thead>")
            .skip(1)
            .filter_map(|rest| rest.split("</thead>").next());
        for head in heads {
            let bare = head.matches("<th").count()
                - head.matches("<th scope=").count()
                - head.matches("<th class=\"hours\"").count();
            assert_eq!(bare, 0, "{name}: {head}");
        }
    }
}

#[test]
fn pages_of_the_two_languages_have_the_same_bones() {
    for ((name, zh), (_, en)) in all(Lang::Zh).into_iter().zip(all(Lang::En)) {
        let bones = |html: &str| ["<section", "<tr", "<a ", "<li", "<h2"].map(|tag| html.matches(tag).count());
        assert_eq!(bones(&zh), bones(&en), "{name}");
    }
}

#[test]
fn a_partly_granted_request_tells_reasons_and_what_would_fit() {
    let (_, html) = all(Lang::Zh).into_iter().find(|(name, _)| *name == "request").unwrap();
    for words in [
        "2 课次未排入",
        "新能源汽车 A 在 周二 14:00–17:40 已满",
        "改到 周五 10:00，组件检测线，即可排入",
        "请注明带教教师的高压证号",
    ] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn a_round_offers_approval_only_of_what_the_reader_may_approve() {
    let (_, html) = all(Lang::Zh).into_iter().find(|(name, _)| *name == "round").unwrap();
    let buttons = html.split("<button").skip(1);
    let approving = buttons.filter(|rest| rest.split("</button>").next().is_some_and(|own| own.contains(">批准")));
    assert_eq!((html.matches("丢弃").count() >= 2, approving.count()), (true, 1));
}

#[test]
fn the_language_switch_comes_back_to_the_page() {
    let (_, html) = all(Lang::Zh).into_iter().find(|(name, _)| *name == "fairness").unwrap();
    assert!(html.contains("/lang?to=en&amp;back=%2Ffairness"), "{}", &html[..2000]);
}
