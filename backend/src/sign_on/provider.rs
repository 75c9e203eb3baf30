//! The identity provider: discovery, the way to it and back (authorization code with PKCE, state and nonce), and the judgement
//! of what it says. OpenID Connect Core 1.0; the token is verified by the library, its time by our clock.
//!
//! Nothing is asked of it before somebody wants to come in by it. Its replies are bounded in time and size.

use crate::clock;
use crate::config::SignOn;
use crate::store::identities::Identity;
use chrono::DateTime;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdTokenClaims, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::http;
use openidconnect::{
    AuthType, AuthenticationContextClass, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, TokenResponse,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::sync::Mutex;

/// How long its description is believed when somebody sets out; whoever comes back is judged by a fresh one.
const KNOWN_MS: i64 = 5 * 60 * 1000;
const REPLY_TIMEOUT: Duration = Duration::from_secs(5);
const REPLY_BYTES_MAX: usize = 512 * 1024;
/// OpenID Connect Core, section 2.
const SUBJECT_LEN_MAX: usize = 255;
const NAME_LEN_MAX: usize = 40;
/// Signed by a key that only the provider has: never `none`, and nothing that the client's secret signs.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
];
/// RFC 8176: several factors, or one that holds several.
const STRONG_METHODS: [&str; 1] = ["mfa"];

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

pub struct Provider {
    pub settings: SignOn,
    http: reqwest::Client,
    known: Mutex<Known>,
}

/// What the provider has said of itself last, and that it was away.
#[derive(Default)]
struct Known {
    told: Option<(i64, CoreProviderMetadata)>,
    away: Option<(i64, String)>,
}

/// What somebody who sets out takes along, to be compared with what comes back.
#[derive(Serialize, Deserialize)]
pub struct Journey {
    state: String,
    nonce: String,
    verifier: String,
}

/// Who somebody is, as the provider proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    pub identity: Identity,
    /// To be read once by its owner, and kept nowhere.
    pub name: String,
    /// The provider has asked for more than a password.
    pub strong: bool,
}

/// Why there is no proof; the words are for the log.
#[derive(Debug)]
pub enum Failure {
    /// The provider does not answer, or not in its own terms.
    Away(String),
    Refused(String),
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NoReply(String);

fn refused(error: impl std::fmt::Display) -> Failure {
    Failure::Refused(error.to_string())
}

impl Provider {
    pub fn new(settings: SignOn) -> Self {
        crate::tls::install();
        let http = reqwest::Client::builder()
            .timeout(REPLY_TIMEOUT)
            // A few requests a sign-in: a connection that was kept would be an old one.
            .pool_max_idle_per_host(0)
            // A provider that leads elsewhere is not the one that was named.
            .redirect(reqwest::redirect::Policy::none())
            .build();
        Self {
            settings,
            http: http.expect("a client of known settings"),
            known: Mutex::default(),
        }
    }

    /// Where to go, and what to take along.
    pub async fn set_out(&self) -> Result<(String, Journey), Failure> {
        let client = self.client(self.known().await?)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let way = CoreAuthenticationFlow::AuthorizationCode;
        let mut request = client
            .authorize_url(way, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".into()))
            .set_pkce_challenge(challenge);
        if let Some(acr) = &self.settings.strong_acr {
            request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
        }
        let (address, state, nonce) = request.url();
        let journey = Journey {
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        };
        Ok((address.to_string(), journey))
    }

    /// What the code that came back proves, for whoever set out on this journey.
    pub async fn come_back(&self, journey: Journey, state: &str, code: &str) -> Result<Proof, Failure> {
        // By hash, so that the time taken tells nothing of where they differ.
        if crate::session::token_hash(state) != crate::session::token_hash(&journey.state) {
            return Err(refused("another state than the one that set out"));
        }
        let client = self.client(self.asked().await?)?;
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| Failure::Away(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(journey.verifier));
        let ask = self.asking();
        let answer = exchange.request_async(&ask).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(why) => refused(why),
            other => Failure::Away(other.to_string()),
        })?;
        let token = answer.id_token().ok_or_else(|| refused("no ID token"))?;
        let now_s = clock::now_ms() / 1000;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(SIGNED_BY)
            .set_time_fn(move || DateTime::from_timestamp(now_s, 0).unwrap_or_default());
        let claims = token
            .claims(&verifier, &Nonce::new(journey.nonce))
            .map_err(|error| refused(format!("{error:?}")))?;
        self.proof(claims)
    }

    fn proof(&self, claims: &CoreIdTokenClaims) -> Result<Proof, Failure> {
        let subject = claims.subject().as_str();
        if subject.is_empty() || subject.len() > SUBJECT_LEN_MAX || !subject.chars().all(|c| c.is_ascii_graphic()) {
            return Err(refused("a subject that is none"));
        }
        let acr = claims.auth_context_ref().map(|acr| acr.as_str());
        let methods = claims.auth_method_refs().into_iter().flatten();
        let strong_method = methods
            .map(|method| method.as_str())
            .any(|it| STRONG_METHODS.contains(&it));
        let name = claims.preferred_username().map(|name| name.to_string());
        let name = name.or_else(|| {
            claims
                .name()
                .and_then(|name| name.get(None))
                .map(|name| name.to_string())
        });
        Ok(Proof {
            identity: Identity {
                issuer: claims.issuer().to_string(),
                subject: subject.to_owned(),
            },
            name: plain(&name.unwrap_or_default()),
            strong: strong_method || (acr.is_some() && acr == self.settings.strong_acr.as_deref()),
        })
    }

    fn client(&self, metadata: CoreProviderMetadata) -> Result<Client, Failure> {
        let away = |error: String| Failure::Away(error);
        let methods = metadata
            .token_endpoint_auth_methods_supported()
            .cloned()
            .unwrap_or_default();
        let in_body = methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic);
        let secret = self.settings.secret.clone().map(ClientSecret::new);
        let back = RedirectUrl::new(self.settings.redirect_url()).map_err(|error| away(error.to_string()))?;
        let client =
            CoreClient::from_provider_metadata(metadata, ClientId::new(self.settings.client_id.clone()), secret)
                .set_redirect_uri(back);
        Ok(match in_body {
            true => client.set_auth_type(AuthType::RequestBody),
            false => client,
        })
    }

    async fn known(&self) -> Result<CoreProviderMetadata, Failure> {
        let came_ms = clock::now_ms();
        // One asks at a time, and whoever waits meanwhile is content with the same answer.
        let mut known = self.known.lock().await;
        let told = known.told.as_ref();
        if let Some((_, metadata)) = told.filter(|(at_ms, _)| clock::now_ms() - at_ms < KNOWN_MS) {
            return Ok(metadata.clone());
        }
        if let Some((_, why)) = known.away.as_ref().filter(|(ended_ms, _)| came_ms <= *ended_ms) {
            return Err(Failure::Away(why.clone()));
        }
        match self.described().await {
            Ok(metadata) => {
                known.told = Some((clock::now_ms(), metadata.clone()));
                Ok(metadata)
            }
            Err(why) => {
                known.away = Some((clock::now_ms(), why.clone()));
                Err(Failure::Away(why))
            }
        }
    }

    /// Its description and its keys, as they are now.
    async fn asked(&self) -> Result<CoreProviderMetadata, Failure> {
        let metadata = self.described().await.map_err(Failure::Away)?;
        self.known.lock().await.told = Some((clock::now_ms(), metadata.clone()));
        Ok(metadata)
    }

    async fn described(&self) -> Result<CoreProviderMetadata, String> {
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(|error| error.to_string())?;
        let ask = self.asking();
        let metadata = CoreProviderMetadata::discover_async(issuer, &ask).await;
        metadata.map_err(|error| format!("{error}: {error:?}"))
    }

    fn asking(&self) -> impl Fn(HttpRequest) -> BoxedReply + use<> {
        let http = self.http.clone();
        move |request| Box::pin(reply(http.clone(), request))
    }
}

type BoxedReply = std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, NoReply>> + Send>>;

async fn reply(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, NoReply> {
    let failed = |error: reqwest::Error| NoReply(error.to_string());
    let request = reqwest::Request::try_from(request).map_err(failed)?;
    let mut reply = http.execute(request).await.map_err(failed)?;
    let mut answer = http::Response::builder().status(reply.status());
    for (name, value) in reply.headers() {
        answer = answer.header(name, value);
    }
    let mut body = Vec::new();
    while let Some(chunk) = reply.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > REPLY_BYTES_MAX {
            return Err(NoReply("a reply that is too long".into()));
        }
        body.extend_from_slice(&chunk);
    }
    answer.body(body).map_err(|error| NoReply(error.to_string()))
}

/// Letters, digits and what stands in names and addresses; the rest is not for a page.
fn plain(name: &str) -> String {
    let fits = |c: &char| c.is_alphanumeric() || " ._-@·".contains(*c);
    name.chars().filter(fits).take(NAME_LEN_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn whoever_waits_for_a_provider_that_is_away_does_not_ask_it_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let provider = Provider::new(SignOn {
            issuer: format!("http://{address}"),
            client_id: "gongxun".into(),
            secret: None,
            label: "统一身份认证".into(),
            label_en: "Single sign-on".into(),
            strong_acr: None,
            public_url: "http://127.0.0.1".into(),
        });
        let asked = AtomicUsize::new(0);
        let hang_up = async {
            while listener.accept().await.is_ok() {
                asked.fetch_add(1, Ordering::Relaxed);
            }
        };
        let waiting = futures::future::join_all((0..10).map(|_| provider.set_out()));
        let told = tokio::select! {
            told = waiting => told,
            () = hang_up => Vec::new(),
        };
        let away = |told: &&Result<(String, Journey), Failure>| matches!(told, Err(Failure::Away(_)));
        assert_eq!(told.iter().filter(away).count(), 10);
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        // Whoever comes later asks anew: it may be back.
        drop(listener);
        assert!(matches!(provider.set_out().await, Err(Failure::Away(_))));
    }
}
