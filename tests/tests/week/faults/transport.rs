//! Bytes on the wire as no client sends them: torn into pieces, cut, silent, changed by the dice, with a length that lies.
//! Every connection ends, with answers of the contract or with none, and the next one is served.

use super::{Dice, is_whole, scale};
use crate::week::desk::{Desk, any_draft, form};
use crate::week::edge::{connect, is_well, rest};
use backend::clock::new_id;
use domain::api::*;
use domain::id::RequestId;
use domain::password::Password;
use rstest::rstest;
use tests::databases::Kind;
use tests::server::Setup;
use tokio::io::AsyncWriteExt;

/// Connections that are open at one time.
const AT_ONCE: usize = 24;

/// A request that is right.
#[derive(Clone)]
struct Asked {
    line: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Asked {
    fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} HTTP/1.1\r\n", self.line);
        self.headers.iter().for_each(|header| text += &format!("{header}\r\n"));
        [text.as_bytes(), b"\r\n", &self.body].concat()
    }

    fn with(mut self, header: impl Into<String>) -> Self {
        self.headers.push(header.into());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|header| !header.starts_with(name));
        self
    }
}

/// What is sent, piece by piece, and what may come of it.
struct Thrown {
    what: &'static str,
    pieces: Vec<Vec<u8>>,
    then: Then,
    due: Due,
}

#[derive(Clone, Copy)]
enum Then {
    /// The sender says that nothing more comes.
    Ends,
    /// The sender keeps quiet.
    Waits,
}

#[derive(Debug, Clone, Copy)]
enum Due {
    /// What the request gets when it is sent as it should be, so many times.
    Same(usize),
    /// No success.
    Refused,
    Anything,
}

#[rstest]
#[case(Kind::Sqlite)]
#[case(Kind::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_over_the_wire_ends_and_the_next_one_is_served(#[case] kind: Kind) {
    let mut dice = Dice::thrown("transport");
    let desk = Desk::with(kind, Setup::with(&["--header-timeout-s", "1", "--body-timeout-s", "1"])).await;
    let cookie = cookie(&desk).await;
    let trainer = desk.signed_in("li.jishi").await;
    let new = form(&trainer).await;
    for batch in 0..10 * scale() {
        let requests: Vec<Asked> = (0..AT_ONCE).map(|_| asked(&mut dice, &cookie, &new)).collect();
        let mut sent = Vec::new();
        for right in requests {
            let (status, thrown) = (told(&desk, &right).await, thrown(&mut dice, &right));
            sent.push((right, status, thrown));
        }
        let all = sent.iter().map(|(_, _, thrown)| exchanged(&desk, thrown));
        let answers = futures::future::join_all(all).await;
        for ((right, status, thrown), answer) in sent.iter().zip(answers) {
            let at = format!("batch {batch}, {} of {}: {answer:?}", thrown.what, right.line);
            let got = statuses(&answer);
            assert!(got.iter().all(|status| *status < 500), "{at}");
            match thrown.due {
                Due::Same(times) => assert_eq!(got, vec![*status; times], "{at}"),
                Due::Refused => assert!(got.iter().all(|status| *status >= 400), "{at}"),
                Due::Anything => {}
            }
        }
        is_well(&desk).await;
    }
    is_whole(&desk).await;
}

/// The session of somebody who has signed in, as a header.
async fn cookie(desk: &Desk) -> String {
    let login = desk.server.login("li.jishi");
    let entry = SignIn {
        login: login.login.clone(),
        password: Password(login.password.clone()),
        code: None,
    };
    let address = format!("{}{}", desk.server.url, SignIn::PATH);
    let reply = desk.server.visitor().http.post(address).json(&entry).send().await;
    let reply = reply.expect("an answer");
    let set = reply.headers()["set-cookie"].to_str().expect("plain");
    format!("cookie: {}", set.split(';').next().unwrap_or_default())
}

/// A read, a page, a question or a write, each of which can be sent twice.
fn asked(dice: &mut Dice, cookie: &str, new: &FormView) -> Asked {
    let id = RequestId::new(new_id());
    let save = SaveDraft {
        id: id.clone(),
        round: new.round.id.clone(),
        version: 0,
        draft: any_draft(new),
    };
    let check = CheckDraft {
        round: new.round.id.clone(),
        draft: any_draft(new),
    };
    let json = |call: &dyn Fn() -> serde_json::Result<Vec<u8>>| call().expect("plain data");
    let (line, body) = match dice.below(3) {
        0 => (format!("POST {}", SaveDraft::PATH), json(&|| serde_json::to_vec(&save))),
        1 => (
            format!("POST {}", CheckDraft::PATH),
            json(&|| serde_json::to_vec(&check)),
        ),
        _ => {
            let paths = [
                "/",
                "/timetable",
                "/requests",
                "/nowhere",
                "/healthz",
                ReadHome::PATH,
                ReadCatalog::PATH,
                ListRequests::PATH,
                ReadFairness::PATH,
            ];
            (format!("GET {}", dice.one(&paths)), Vec::new())
        }
    };
    let mut headers = vec!["host: x".to_owned(), cookie.to_owned(), "connection: close".to_owned()];
    if !body.is_empty() {
        headers.push("content-type: application/json".into());
        headers.push(format!("{KEY_HEADER}: {}", new_id()));
        headers.push(format!("content-length: {}", body.len()));
    }
    Asked { line, headers, body }
}

/// The status that a request gets when it is sent as it should be.
async fn told(desk: &Desk, right: &Asked) -> u16 {
    let whole = Thrown {
        what: "whole",
        pieces: vec![right.bytes()],
        then: Then::Waits,
        due: Due::Same(1),
    };
    let answer = exchanged(desk, &whole).await;
    let status = statuses(&answer).first().copied();
    status.unwrap_or_else(|| panic!("{}: {answer}", right.line))
}

/// Everything that the server answers until it closes.
async fn exchanged(desk: &Desk, thrown: &Thrown) -> String {
    let mut stream = connect(desk).await;
    stream.set_nodelay(true).expect("a socket");
    for piece in &thrown.pieces {
        // The server may close before it has read all of it.
        if stream.write_all(piece).await.is_err() {
            break;
        }
        tokio::task::yield_now().await;
    }
    if matches!(thrown.then, Then::Ends) {
        let _ = stream.shutdown().await;
    }
    rest(stream).await
}

/// The statuses of the answers, one after another.
fn statuses(answer: &str) -> Vec<u16> {
    let answers = answer.split("HTTP/1.1 ").skip(1);
    answers.filter_map(|text| text.get(..3)?.parse().ok()).collect()
}

/// Cut into pieces at places of the dice's choosing.
fn in_pieces(dice: &mut Dice, bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut cuts: Vec<usize> = (0..1 + dice.below(12)).map(|_| dice.below(bytes.len())).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|ends| bytes[ends[0]..ends[1]].to_vec()).collect()
}

/// A body in chunks of the dice's choosing, whose sizes tell the truth or, of one of them, not.
fn chunked(dice: &mut Dice, body: &[u8], lies: bool) -> Vec<u8> {
    let pieces = in_pieces(dice, body);
    let pieces: Vec<_> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
    let liar = dice.below(pieces.len());
    let mut bytes = Vec::new();
    for (n, piece) in pieces.iter().enumerate() {
        let size = match lies && n == liar {
            true => (*dice.one(&["", "-1", "0x4", "zz", "ffffffffffffffffff", "7fffffffffffffff"])).to_owned(),
            false => format!("{:x}", piece.len()),
        };
        bytes.extend([size.as_bytes(), b"\r\n", piece, b"\r\n"].concat());
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}

/// A request with one thing that is not as it should be.
fn thrown(dice: &mut Dice, right: &Asked) -> Thrown {
    use Due::*;
    use Then::*;
    let made = |what, pieces, then, due| Thrown {
        what,
        pieces,
        then,
        due,
    };
    let whole = right.bytes();
    let writes = !right.body.is_empty();
    match dice.below(if writes { 12 } else { 8 }) {
        0 => made("pieces", in_pieces(dice, &whole), Waits, Same(1)),
        1 => {
            let cut = dice.below(whole.len());
            made("a cut", vec![whole[..cut].to_vec()], Ends, Refused)
        }
        2 => {
            let cut = dice.below(whole.len());
            made("silence", vec![whole[..cut].to_vec()], Waits, Refused)
        }
        3 => {
            let mut bytes = whole;
            for _ in 0..1 + dice.below(8) {
                let at = dice.below(bytes.len());
                bytes[at] = dice.byte();
            }
            made("other bytes", vec![bytes], Ends, Anything)
        }
        4 => {
            let (mut bytes, at) = (whole.clone(), dice.below(whole.len()));
            let junk: Vec<u8> = (0..1 + dice.below(300)).map(|_| dice.byte()).collect();
            bytes.splice(at..at, junk);
            made("more bytes", vec![bytes], Ends, Anything)
        }
        5 => {
            // The head may have 16 KiB.
            let long = dice.below(8 * 1024);
            let (long, due) = match dice.below(2) {
                0 => (long, Same(1)),
                _ => (64 * 1024 + long, Refused),
            };
            let bytes = right.clone().with(format!("x-long: {}", "x".repeat(long))).bytes();
            made("a long head", in_pieces(dice, &bytes), Waits, due)
        }
        6 => {
            let times = 1 + dice.below(8);
            let open = right.clone().without("connection").bytes();
            let bytes = [open.repeat(times), whole].concat();
            made("a queue", in_pieces(dice, &bytes), Waits, Same(times + 1))
        }
        7 => {
            let broken = [
                "x-space : 1",
                "x-nul: a\0b",
                "x-b\u{e9}: 1",
                ": 1",
                "no colon",
                "transfer-encoding: wonders",
            ];
            let bytes = right.clone().with(*dice.one(&broken)).bytes();
            made("a broken header", vec![bytes], Ends, Refused)
        }
        8 => {
            let open = right
                .clone()
                .without("content-length")
                .with("transfer-encoding: chunked");
            let body = chunked(dice, &right.body, false);
            made(
                "chunks",
                in_pieces(dice, &Asked { body, ..open }.bytes()),
                Waits,
                Same(1),
            )
        }
        9 => {
            let open = right
                .clone()
                .without("content-length")
                .with("transfer-encoding: chunked");
            let body = chunked(dice, &right.body, true);
            made("chunks that lie", vec![Asked { body, ..open }.bytes()], Ends, Refused)
        }
        10 => {
            let len = right.body.len();
            let lies = [
                dice.below(len).to_string(),
                (len + 1 + dice.below(1000)).to_string(),
                "-1".into(),
                format!("{len}, {}", len + 1),
                "9".repeat(1 + dice.below(60)),
                "0x10".into(),
                "".into(),
            ];
            let lie = format!("content-length: {}", dice.one(&lies));
            let bytes = right.clone().without("content-length").with(lie).bytes();
            made("a length that lies", in_pieces(dice, &bytes), Waits, Refused)
        }
        _ => {
            // Whoever believes the one and whoever believes the other would read two different requests.
            let both = right.clone().with("transfer-encoding: chunked");
            let hidden = format!("0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n\r\n", "x: 1");
            let body = hidden.into_bytes();
            made("two lengths", vec![Asked { body, ..both }.bytes()], Ends, Refused)
        }
    }
}
