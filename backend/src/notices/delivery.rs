//! Delivers notices to the receiver that the settings name: each at least once, under its own id, signed.
//!
//! The form is that of Standard Webhooks: a POST of JSON with `webhook-id`, `webhook-timestamp` and `webhook-signature`,
//! the HMAC-SHA-256 of `id.timestamp.body`. A receiver takes a notice by any 2xx; it knows a repeat by the id. Whatever
//! else it does is a failure, to be tried again later and later, and in the end not at all. Nothing goes out unless a
//! receiver is set, and a redirect is not followed.

use crate::app::App;
use crate::clock;
use crate::config::Receiver;
use crate::store::StoreError;
use crate::store::outbox::{self, Ending, Taken};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use metrics::counter;
use serde_json::json;
use sha2::Sha256;
use std::time::Duration;

/// How often somebody looks for what is due.
const TICK: Duration = Duration::from_millis(500);
/// Notices that one look takes.
const BATCH: u64 = 20;
/// No pause between two tries is longer.
const PAUSE_MAX_MS: i64 = 60 * 60 * 1000;

/// Delivers until told to end; does nothing without a receiver.
pub async fn deliver(app: App) {
    let Some(receiver) = app.config.receiver.clone() else {
        return;
    };
    crate::tls::install();
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(receiver.timeout_s))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client of plain settings");
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = app.end.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = round(&app, &receiver, &client).await {
            tracing::warn!(%error, "notices could not be looked for");
        }
    }
}

/// Everything that is due now.
async fn round(app: &App, receiver: &Receiver, client: &reqwest::Client) -> Result<(), StoreError> {
    loop {
        let taken = take(app, receiver).await?;
        // The end is asked for between two batches; what a batch has taken is sent and reported.
        if taken.is_empty() {
            return Ok(());
        }
        let sends = taken.iter().map(|one| send(receiver, client, one));
        let endings = join_all(sends).await;
        let change = app.work().await?;
        for (one, ending) in taken.iter().zip(&endings) {
            if !outbox::report(&change, one, ending).await? {
                tracing::warn!(id = one.notice.id, "a notice was taken by another sender meanwhile");
            }
            counted(ending);
        }
        app.commit(change.done(())).await?;
        if app.end.is_cancelled() {
            return Ok(());
        }
    }
}

/// Nobody else takes them before this sender must have given up.
async fn take(app: &App, receiver: &Receiver) -> Result<Vec<Taken>, StoreError> {
    let tx = app.read().await?;
    let now_ms = clock::now_ms();
    if !outbox::is_due(&tx, now_ms).await? {
        return Ok(Vec::new());
    }
    drop(tx);
    let change = app.work().await?;
    let patience_ms = i64::try_from(receiver.timeout_s).unwrap_or(60) * 1000 + 10_000;
    let taken = outbox::take_due(&change, now_ms, now_ms + patience_ms, BATCH).await?;
    app.commit(change.done(())).await?;
    Ok(taken)
}

async fn send(receiver: &Receiver, client: &reqwest::Client, taken: &Taken) -> Ending {
    let notice = &taken.notice;
    let body = json!({
        "id": notice.id,
        "type": notice.kind,
        "alliance": taken.alliance,
        "subject": notice.subject,
        "at_min": notice.at_min,
        "data": notice.body,
    })
    .to_string();
    let timestamp = (clock::now_ms() / 1000).to_string();
    let request = client
        .post(&receiver.url)
        .header("content-type", "application/json")
        .header("webhook-id", &notice.id)
        .header("webhook-timestamp", &timestamp)
        .header(
            "webhook-signature",
            signature(&receiver.secret, &notice.id, &timestamp, &body),
        )
        .body(body);
    let failure = match request.send().await {
        Ok(reply) if reply.status().is_success() => return Ending::Delivered,
        Ok(reply) => format!("status {}", reply.status().as_u16()),
        Err(error) if error.is_timeout() => "no answer in time".to_owned(),
        Err(_) => "no connection".to_owned(),
    };
    if taken.tries >= receiver.tries_max {
        return Ending::Dead { failure };
    }
    let pause_ms = pause_ms(receiver.backoff_ms, taken.tries, rand::random());
    Ending::Failed {
        failure,
        due_ms: clock::now_ms() + pause_ms,
    }
}

/// `v1,` and the base64 of the HMAC.
pub fn signature(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let mut hmac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    hmac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", BASE64_STANDARD.encode(hmac.finalize().into_bytes()))
}

/// Twice as long after each try, up to an hour, and anything between a half and the whole of it: receivers that come back
/// are not run over by everybody at once.
fn pause_ms(backoff_ms: i64, tries: i64, dice: u32) -> i64 {
    let doublings = u32::try_from(tries - 1).unwrap_or_default().min(30);
    let whole = backoff_ms.saturating_mul(1 << doublings).min(PAUSE_MAX_MS);
    whole / 2 + i64::from(dice) * (whole / 2) / i64::from(u32::MAX)
}

fn counted(ending: &Ending) {
    let how = match ending {
        Ending::Delivered => "delivered",
        Ending::Failed { .. } => "failed",
        Ending::Dead { .. } => "dead",
    };
    counter!("gongxun_notices_total", "ending" => how).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_and_is_bounded() {
        let bounds = |tries| (pause_ms(1000, tries, 0), pause_ms(1000, tries, u32::MAX));
        assert_eq!(bounds(1), (500, 1000));
        assert_eq!(bounds(4), (4000, 8000));
        assert_eq!(bounds(60), (PAUSE_MAX_MS / 2, PAUSE_MAX_MS));
    }

    /// The example of the specification of Standard Webhooks, with its secret as it is in bytes.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let secret = BASE64_STANDARD
            .decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            .expect("base64");
        let mut hmac = Hmac::<Sha256>::new_from_slice(&secret).expect("a key");
        let (id, timestamp, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
        hmac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        let expected = BASE64_STANDARD.encode(hmac.finalize().into_bytes());
        assert_eq!(expected, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(signature("secret", id, timestamp, body).starts_with("v1,"));
    }
}
