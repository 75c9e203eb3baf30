//! The contract: one struct a call, with its method, path and reply. Server routes, browser client, OpenAPI
//! document and tests speak these types, and no URL is written twice.
//!
//! Reads are GET with the struct as query, writes are POST with the struct as JSON; ids travel inside. A write
//! carries its key in a header, so a repeat is recognised, and the version it was made against, so a stale page is
//! refused. Times named `…_at_min` are civil minutes since 1970-01-01 of the alliance's zone.

mod calls;
mod export;
mod imports;
mod people;
mod views;

pub use calls::*;
pub use export::*;
pub use imports::*;
pub use people::*;
pub use views::*;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// A call of the API.
pub trait Call: std::fmt::Debug + Clone + Serialize + DeserializeOwned + Send + 'static {
    const NAME: &'static str;
    const CALL: CallName;
    const METHOD: Method;
    const PATH: &'static str;
    type Reply: Serialize + DeserializeOwned + Send + 'static;
}

/// A call without an effect.
pub trait ReadCall: Call {}

/// A call whose reply holds a secret that is shown once: it is kept nowhere, so the call has no key, and a repeat makes a
/// new secret. Its effect commits with an audit entry and an outbox row like every other.
pub trait DoorCall: Call {}

/// A call that changes something. Its effect commits with its key, an audit entry and an outbox row, or not at all.
pub trait WriteCall: Call {
    /// What has happened when it committed.
    const EVENT: crate::event::Event;
    /// The id of what it is about; nothing when it is about whoever makes it.
    fn subject(&self) -> Option<String>;
}

/// The header with the key of a write, an id minted by whoever writes. The same key once more gets the same reply and
/// has no second effect; with another body it is refused.
pub const KEY_HEADER: &str = "idempotency-key";

/// An error reply, RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    /// Stable, for programs.
    pub code: ProblemCode,
    /// In the caller's language.
    pub detail: String,
    #[serde(default)]
    pub violations: Vec<crate::violation::Violation>,
    pub request_id: String,
}

/// What kind of problem; the words live in `frontend::text`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ProblemCode {
    /// The call cannot be read: bad JSON, unknown field, ill-formed id.
    Malformed,
    SignInNeeded,
    BadCredentials,
    /// Login and password are right; a code of the second factor is asked for.
    CodeNeeded,
    /// The role is held by a second factor: nothing but the own account opens before there is one.
    SecondFactorNeeded,
    /// The password is too old: nothing but changing it opens.
    PasswordExpired,
    /// The identity provider does not answer; a password still opens.
    SignOnAway,
    /// What came back from the identity provider proves nothing.
    SignOnRefused,
    /// The identity is proved, and linked to nobody here.
    IdentityUnknown,
    Forbidden,
    /// Not there, or not for the caller's eyes.
    NotFound,
    MethodNotAllowed,
    TooLarge,
    UnsupportedMedia,
    /// The page was made from an older version.
    Stale,
    /// Somebody else holds what was asked.
    Taken,
    /// The violations say which rules.
    RulesBroken,
    /// The thing is in a state that does not allow it.
    WrongState,
    /// Whoever made a plan does not approve it.
    FourEyes,
    /// A write came without its key.
    KeyNeeded,
    /// The key was used for another write.
    KeyReused,
    /// An unsafe request from another site.
    CrossSite,
    TooManyTries,
    /// A body came too slowly; nothing of it was looked at.
    TooSlow,
    /// The reply was not ready in time; the effect may have committed.
    TimedOut,
    Unavailable,
    Internal,
}

/// The reply of a write that has nothing more to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Done {
    pub done: bool,
}
