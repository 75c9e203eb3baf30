//! The browser's half of `client`: window.fetch, EventSource, and ids for write calls.

use domain::api::{Call, KEY_HEADER, Method, Problem};
use leptos::serde_json as json;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventSource, MessageEvent, RequestCredentials, RequestInit, Response};

/// Sends a call and decodes its reply. GET carries the call as query, POST as JSON.
///
/// Any failure is a `Problem`: the server's own, or one with code `offline` when no answer came.
pub async fn call<C: Call>(call: &C) -> Result<C::Reply, Problem> {
    read(call).await
}

/// Sends a call and reads of its reply only what the caller needs: a reader of a whole view weighs ten kilobytes.
pub async fn read<C: Call, R: DeserializeOwned>(call: &C) -> Result<R, Problem> {
    let body = json::to_value(call).map_err(|_| super::offline())?;
    let (status, text) = match C::METHOD {
        Method::Get => reply(C::METHOD, C::PATH, body, "").await?,
        Method::Post => keyed(C::PATH, body).await?,
    };
    json::from_str(&text).map_err(|_| super::unreadable(status))
}

thread_local! {
    /// The last POST that got no answer, with its key.
    static UNANSWERED: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Sends a POST under a key. Whether one without an answer was done nobody knows: the same again goes under the same key,
/// so that it is done once.
async fn keyed(path: &'static str, body: json::Value) -> Result<(u16, String), Problem> {
    let sent = format!("{path} {body}");
    let kept = UNANSWERED.take().filter(|(unanswered, _)| *unanswered == sent);
    let key = kept.map_or_else(new_id, |(_, key)| key);
    let reply = reply(Method::Post, path, body, &key).await;
    if reply.as_ref().is_err_and(|problem| problem.status == 0) {
        UNANSWERED.set(Some((sent, key)));
    }
    reply
}

/// Status and text of a call that was done, or the problem that the server tells.
async fn reply(method: Method, path: &'static str, body: json::Value, key: &str) -> Result<(u16, String), Problem> {
    let (status, text) = answer(method, path, body, key).await.map_err(|_| super::offline())?;
    match status {
        // An empty reply is JSON's null, so that calls without a reply need no case of their own.
        200..300 if text.is_empty() => Ok((status, "null".into())),
        200..300 => Ok((status, text)),
        _ => Err(json::from_str(&text).unwrap_or_else(|_| super::unreadable(status))),
    }
}

async fn answer(method: Method, path: &'static str, body: json::Value, key: &str) -> Result<(u16, String), JsValue> {
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::SameOrigin);
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "application/json")?;
    let url = match method {
        Method::Get => with_query(path, &body),
        Method::Post => {
            init.set_method("POST");
            headers.set("content-type", "application/json")?;
            headers.set(KEY_HEADER, key)?;
            init.set_body(&JsValue::from_str(&body.to_string()));
            path.to_owned()
        }
    };
    init.set_headers(&headers);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(&url, &init))
        .await?
        .dyn_into()?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok((response.status(), text))
}

/// Flat fields become pairs; what is absent is left out.
fn with_query(path: &str, body: &json::Value) -> String {
    let encoded = |text: &str| String::from(js_sys::encode_uri_component(text));
    let pair = |(name, value): (&String, &json::Value)| match value {
        json::Value::Null => None,
        json::Value::String(text) => Some(format!("{name}={}", encoded(text))),
        other => Some(format!("{name}={}", encoded(&other.to_string()))),
    };
    let pairs: Vec<String> = body.as_object().into_iter().flatten().filter_map(pair).collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// Milliseconds since 1970; only for event handlers and ids, never for a render.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A UUIDv7, so that a repeated write is the same write. RFC 9562, section 5.7.
pub fn new_id() -> String {
    let mut bytes = [0u8; 16];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    crypto
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok())
        .expect("every browser that runs wasm has a random source");
    let millis = now_ms() as u64;
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// A stream of server-sent events; closes when dropped. The browser itself reconnects and resumes by Last-Event-ID.
pub struct Subscription {
    source: EventSource,
    _handler: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Listens to the named events of a stream; `on_event` gets the event's name and its data.
pub fn subscribe(url: &str, events: &[&str], on_event: impl Fn(&str, String) + 'static) -> Subscription {
    let source = EventSource::new(url).expect("the address of a stream is written in code");
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        on_event(&event.type_(), event.data().as_string().unwrap_or_default());
    });
    for event in events {
        source
            .add_event_listener_with_callback(event, handler.as_ref().unchecked_ref())
            .expect("an event source takes listeners");
    }
    Subscription {
        source,
        _handler: handler,
    }
}
