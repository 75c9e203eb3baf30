//! An identity provider of a test's own: discovery, keys, authorization and token endpoints, and ID tokens that are really
//! signed (ES256, or RS256). What it should get wrong is told before somebody comes.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as BASE64};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING as ES256, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::task::JoinHandle;

pub const CLIENT: &str = "gongxun";
pub const SECRET: &str = "a secret between two servers";

/// What an ID token says wrongly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    Nonce,
    Audience,
    Expired,
    Issuer,
    Unsigned,
    /// By the client's secret, which whoever knows it could do.
    SignedBySecret,
    /// By a key that is not among the provider's, under a name that is.
    Forged,
    /// By a key that is not among the provider's, under its own name.
    UnknownKey,
    /// Changed after it was signed.
    Altered,
    NoToken,
}

/// What the provider says of the next who comes.
#[derive(Debug, Clone)]
pub struct Says {
    pub subject: String,
    pub fault: Fault,
    /// More claims, such as `amr`.
    pub more: Value,
}

enum Pair {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

struct Key {
    pair: Pair,
    id: &'static str,
}

/// Nobody's but the tests': made once, because making such keys takes long.
const RSA_KEY: &[u8] = include_bytes!("rs256.pk8");

impl Key {
    fn es256(id: &'static str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ES256, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ES256, document.as_ref(), &random).expect("the key");
        let pair = Pair::Es256(pair);
        Self { pair, id }
    }

    fn rs256(id: &'static str) -> Self {
        let pair = Pair::Rs256(RsaKeyPair::from_pkcs8(RSA_KEY).expect("the key"));
        Self { pair, id }
    }

    fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Es256(_) => "ES256",
            Pair::Rs256(_) => "RS256",
        }
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Es256(pair) => pair.sign(&random, text.as_bytes()).expect("signed").as_ref().to_vec(),
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature);
                signed.expect("signed");
                signature
            }
        }
    }

    /// As others know it.
    fn public(&self) -> Value {
        let (id, algorithm) = (self.id, self.algorithm());
        match &self.pair {
            Pair::Es256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (BASE64.encode(&point[1..33]), BASE64.encode(&point[33..]));
                json!({ "kty": "EC", "use": "sig", "alg": algorithm, "crv": "P-256", "kid": id, "x": x, "y": y })
            }
            Pair::Rs256(pair) => {
                let parts: PublicKeyComponents<Vec<u8>> = pair.public().into();
                let (n, e) = (BASE64.encode(&parts.n), BASE64.encode(&parts.e));
                json!({ "kty": "RSA", "use": "sig", "alg": algorithm, "kid": id, "n": n, "e": e })
            }
        }
    }
}

struct Inner {
    issuer: String,
    own: Key,
    other: Key,
    says: Mutex<Says>,
    /// What came to the authorization endpoint, by the code that it got; each is good once.
    codes: Mutex<HashMap<String, HashMap<String, String>>>,
}

type Shared = Arc<Inner>;

pub struct Provider {
    pub issuer: String,
    inner: Shared,
    serving: JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Provider {
    pub async fn start() -> Self {
        Self::with(Key::es256("own"), Key::es256("other")).await
    }

    /// One that signs as most do.
    pub async fn with_rs256() -> Self {
        Self::with(Key::rs256("own"), Key::es256("other")).await
    }

    async fn with(own: Key, other: Key) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let inner = Arc::new(Inner {
            issuer: issuer.clone(),
            own,
            other,
            says: Mutex::new(Says {
                subject: "nobody".into(),
                fault: Fault::None,
                more: json!({}),
            }),
            codes: Mutex::default(),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .with_state(inner.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.expect("it serves") });
        Self { issuer, inner, serving }
    }

    /// Goes away, and is gone when this returns.
    pub async fn stop(mut self) {
        self.serving.abort();
        let ended = (&mut self.serving).await;
        assert!(ended.is_err_and(|why| why.is_cancelled()), "it served until now");
    }

    pub fn says(&self, subject: &str, fault: Fault, more: Value) {
        let subject = subject.to_owned();
        *self.inner.says.lock().expect("no holder panics") = Says { subject, fault, more };
    }
}

async fn discovery(State(provider): State<Shared>) -> Response {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    json_reply(&json!({
        "issuer": provider.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // More than is good for anybody: the other side has to know better.
        "id_token_signing_alg_values_supported": [provider.own.algorithm(), "HS256", "none"],
    }))
}

fn json_reply(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn keys(State(provider): State<Shared>) -> Response {
    json_reply(&json!({ "keys": [provider.own.public()] }))
}

/// Whoever comes is who the test says, without a question.
async fn authorize(State(provider): State<Shared>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let get = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let well = get("response_type") == "code" && get("client_id") == CLIENT && get("code_challenge_method") == "S256";
    if !well || get("nonce").is_empty() || get("state").is_empty() || !get("scope").contains("openid") {
        return (StatusCode::BAD_REQUEST, format!("{asked:?}")).into_response();
    }
    let code = backend::session::new_token();
    let back = format!("{}?code={code}&state={}", get("redirect_uri"), get("state"));
    provider.codes.lock().expect("no holder panics").insert(code, asked);
    (StatusCode::FOUND, [(header::LOCATION, back)]).into_response()
}

async fn token(State(provider): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let given: HashMap<String, String> = serde_urlencoded::from_str(&body).unwrap_or_default();
    let get = |name: &str| given.get(name).cloned().unwrap_or_default();
    let entitled = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{}", encoded(SECRET))));
    let named = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if named != Some(entitled.as_str()) {
        return refused("invalid_client");
    }
    let asked = provider.codes.lock().expect("no holder panics").remove(&get("code"));
    let Some(asked) = asked else {
        return refused("invalid_grant");
    };
    let challenge = BASE64.encode(Sha256::digest(get("code_verifier").as_bytes()));
    let same =
        asked.get("code_challenge") == Some(&challenge) && asked.get("redirect_uri") == Some(&get("redirect_uri"));
    if !same {
        return refused("invalid_grant");
    }
    let says = provider.says.lock().expect("no holder panics").clone();
    let mut reply = json!({ "access_token": "unused", "token_type": "Bearer", "expires_in": 60 });
    if says.fault != Fault::NoToken {
        reply["id_token"] = signed(&provider, &says, asked.get("nonce").map_or("", String::as_str)).into();
    }
    json_reply(&reply)
}

fn encoded(text: &str) -> String {
    frontend::paths::encoded(text).replace("%20", "+")
}

fn refused(why: &str) -> Response {
    let body = json!({ "error": why }).to_string();
    (
        StatusCode::BAD_REQUEST,
        [(header::CONTENT_TYPE, "application/json")],
        body,
    )
        .into_response()
}

fn signed(provider: &Inner, says: &Says, nonce: &str) -> String {
    let fault = says.fault;
    let now_s = backend::clock::now_ms() / 1000;
    let until_s = if fault == Fault::Expired {
        now_s - 60
    } else {
        now_s + 60
    };
    let mut claims = json!({
        "iss": if fault == Fault::Issuer { "https://provider.example" } else { &provider.issuer },
        "aud": if fault == Fault::Audience { "another" } else { CLIENT },
        "nonce": if fault == Fault::Nonce { "another" } else { nonce },
        "sub": says.subject,
        "preferred_username": format!("{}@chuxiong", says.subject),
        "iat": now_s - 120,
        "exp": until_s,
    });
    let more = says.more.as_object().expect("claims").clone();
    claims.as_object_mut().expect("an object").extend(more);
    let by = |key: &Key, named: &str, claims: &Value| {
        let text = token_text(&json!({ "alg": key.algorithm(), "kid": named }), claims);
        format!("{text}.{}", BASE64.encode(key.sign(&text)))
    };
    match fault {
        Fault::Unsigned => format!("{}.", token_text(&json!({ "alg": "none" }), &claims)),
        Fault::SignedBySecret => {
            let text = token_text(&json!({ "alg": "HS256" }), &claims);
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET.as_bytes());
            let signature = ring::hmac::sign(&key, text.as_bytes());
            format!("{text}.{}", BASE64.encode(signature.as_ref()))
        }
        Fault::Forged => by(&provider.other, provider.own.id, &claims),
        Fault::UnknownKey => by(&provider.other, provider.other.id, &claims),
        Fault::Altered => {
            let token = by(&provider.own, provider.own.id, &claims);
            let parts: Vec<&str> = token.split('.').collect();
            claims["sub"] = "li.jishi".into();
            let altered = BASE64.encode(claims.to_string());
            format!("{}.{altered}.{}", parts[0], parts[2])
        }
        _ => by(&provider.own, provider.own.id, &claims),
    }
}

fn token_text(head: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        BASE64.encode(head.to_string()),
        BASE64.encode(claims.to_string())
    )
}
