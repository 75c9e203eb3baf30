//! Texts made of what people write and of what nobody should: each is taken as it is and shown as text, or refused in words.

use super::{Dice, is_whole, scale};
use crate::week::desk::{Desk, any_draft, form, open_round};
use backend::clock::new_id;
use domain::api::*;
use domain::id::RequestId;
use domain::request::RequestDraft;
use rstest::rstest;
use serde_json::{Value, json};
use tests::databases::Kind;
use tests::server::Client;

/// Scripts of the city and of others, marks that combine, faces of several code points, and what other programs read as code.
const PLAIN: [&str; 22] = [
    "数控车削",
    "ꆈꌠꉙ",
    "楚雄",
    "naïve",
    "e\u{301}",
    "👩\u{200d}🏭",
    "🏳\u{fe0f}\u{200d}🌈",
    "\u{10ffff}",
    "\u{feff}",
    "\u{200b}",
    "\u{3000}",
    " ",
    "=1+1",
    "@sum",
    "'; DROP TABLE requests --",
    "\"><dice onload=\"",
    "<dice>",
    "</script><dice>",
    "&lt;dice&gt;",
    "{{dice}}",
    "%s%n",
    "\\u0000",
];
const NOT_PLAIN: [char; 12] = [
    '\0', '\u{7}', '\u{1b}', '\u{7f}', '\u{9f}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{61c}', '\u{2028}', '\u{fffd}',
    '\u{ffff}',
];

/// A text, whether it is plain, and how many characters it has.
struct Text {
    text: String,
    is_plain: bool,
    chars: usize,
}

fn thrown(dice: &mut Dice) -> Text {
    let mut text = String::new();
    for _ in 0..dice.below(8) {
        let part: &&str = dice.one(&PLAIN);
        text.push_str(part);
    }
    // Some are as long as a text may be, and some a character longer.
    if dice.below(4) == 0 {
        let wanted = *dice.one(&[119, 120, 121, 399, 400, 401, 3999, 4000, 4001, 100_000]);
        let missing = wanted - text.chars().count().min(wanted);
        text.push_str(&dice.one(&["长", "x", "😀"]).repeat(missing));
    }
    let is_plain = dice.below(3) > 0;
    if !is_plain {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = *dice.one(&places);
        text.insert(at, *dice.one(&NOT_PLAIN));
    }
    let chars = text.chars().count();
    Text { text, is_plain, chars }
}

/// The same text as JSON may write it, here and there by number.
fn written(dice: &mut Dice, call: &Value) -> String {
    let plain = call.to_string();
    let mut units = [0; 2];
    let written = plain.chars().map(|c| match !c.is_ascii() && dice.below(4) == 0 {
        true => c
            .encode_utf16(&mut units)
            .iter()
            .map(|unit| format!("\\u{unit:04x}"))
            .collect(),
        false => c.to_string(),
    });
    written.collect()
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_kept_as_it_is_and_shown_as_text_or_refused(#[case] kind: Kind) {
    let mut dice = Dice::thrown("text");
    let desk = Desk::open(kind).await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    for n in 0..60 * scale() {
        let Text { text, is_plain, chars } = thrown(&mut dice);
        let id = RequestId::new(new_id());
        let draft = RequestDraft {
            purpose: text.clone(),
            ..any_draft(&new)
        };
        let save = json!({ "id": id, "round": new.round.id, "version": 0, "draft": draft });
        let body = written(&mut dice, &save);
        let (status, reply) = trainer.post(SaveDraft::PATH, body).await;
        let kept = trainer.call(&ReadRequest { id: id.clone() }).await;
        let at = format!("{n} {text:?}: {status} {reply}");
        if is_plain && chars <= 120 {
            assert_eq!(
                (status, reply["draft"]["purpose"].as_str()),
                (200, Some(text.as_str())),
                "{at}"
            );
            assert_eq!(kept.map(|view| view.draft.purpose), Ok(text.clone()), "{at}");
            for path in [
                format!("/requests/{id}"),
                format!("/requests/{id}/edit"),
                "/requests".into(),
            ] {
                let (status, page) = trainer.page(&path).await;
                assert_eq!(status, 200, "{path} {at}");
                assert!(!page.contains("<dice"), "{path} {at}");
                assert!(read_back(&page).contains(&text), "{path} does not show it: {at}");
            }
        } else {
            is_refused(status, &reply, &at);
            assert_eq!(kept.map_err(|problem| problem.code), Err(ProblemCode::NotFound), "{at}");
        }
    }
    is_whole(&desk).await;
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_note_reaches_its_reader_as_it_was_written(#[case] kind: Kind) {
    let mut dice = Dice::thrown("notes");
    let desk = Desk::open(kind).await;
    let (coordinator, _) = desk.coordinators().await;
    let trainer = desk.signed_in("li.jishi").await;
    open_round(&coordinator).await;
    let new = form(&trainer).await;
    let mut version = 0;
    for n in 0..20 * scale() {
        version = submitted(&trainer, &new, version).await;
        let Text { text, is_plain, chars } = thrown(&mut dice);
        let back = json!({ "id": new.id, "version": version, "note": text });
        let body = written(&mut dice, &back);
        let (status, reply) = coordinator.post(ReturnRequest::PATH, body).await;
        let at = format!("{n} {text:?}: {status} {reply}");
        let seen = trainer
            .call(&ReadRequest { id: new.id.clone() })
            .await
            .expect("the own");
        if is_plain && chars <= 400 && !text.trim().is_empty() {
            assert_eq!(status, 200, "{at}");
            let notes: Vec<&str> = seen.story.iter().map(|step| step.note.as_str()).collect();
            assert!(notes.contains(&text.as_str()), "{at}: {notes:?}");
            let (_, page) = trainer.page(&format!("/requests/{}", new.id)).await;
            assert!(!page.contains("<dice") && read_back(&page).contains(&text), "{at}");
        } else {
            is_refused(status, &reply, &at);
            assert_eq!(seen.version, version, "{at}");
        }
        version = seen.version;
    }
    is_whole(&desk).await;
}

/// The request as it is asked again when it was given back; its version.
async fn submitted(trainer: &Client, new: &FormView, version: i64) -> i64 {
    let submit = SubmitRequest {
        id: new.id.clone(),
        round: new.round.id.clone(),
        version,
        draft: any_draft(new),
    };
    match trainer.call(&submit).await {
        Ok(view) => view.version,
        // The last note was refused: it is asked still.
        Err(problem) if problem.code == ProblemCode::WrongState => version,
        Err(problem) => panic!("{problem:?}"),
    }
}

fn is_refused(status: u16, reply: &Value, at: &str) {
    assert!(matches!(status, 400 | 413 | 422), "{at}");
    let words = ["title", "code"].map(|field| reply[field].as_str().unwrap_or_default());
    assert!(words.iter().all(|word| !word.is_empty()), "{at}");
}

/// The text of a page as somebody reads it.
fn read_back(page: &str) -> String {
    let marks = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    marks
        .iter()
        .fold(page.to_owned(), |page, (mark, c)| page.replace(mark, c))
}
