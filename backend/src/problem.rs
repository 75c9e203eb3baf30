//! What can go wrong for a caller, and the only place that maps it to a status (RFC 9457).

use crate::store::StoreError;
use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use domain::api::{self, ProblemCode};
use domain::violation::Violation;
use frontend::text::{self, Lang};

/// An outside failure or a refusal, with every broken rule where rules were broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    pub code: ProblemCode,
    pub violations: Vec<Violation>,
    /// For the log; a 5xx never shows it, a 400 does.
    pub hint: String,
}

impl Problem {
    pub fn new(code: ProblemCode) -> Self {
        Self {
            code,
            violations: Vec::new(),
            hint: String::new(),
        }
    }
    pub fn malformed(hint: impl Into<String>) -> Self {
        Self {
            hint: hint.into(),
            ..Self::new(ProblemCode::Malformed)
        }
    }
    pub fn internal(hint: impl Into<String>) -> Self {
        Self {
            hint: hint.into(),
            ..Self::new(ProblemCode::Internal)
        }
    }
    pub fn broken(violations: Vec<Violation>) -> Self {
        Self {
            violations,
            ..Self::new(ProblemCode::RulesBroken)
        }
    }
    pub fn not_found() -> Self {
        Self::new(ProblemCode::NotFound)
    }

    pub fn status(&self) -> StatusCode {
        use ProblemCode::*;
        match self.code {
            Malformed | KeyNeeded => StatusCode::BAD_REQUEST,
            SignInNeeded | BadCredentials | CodeNeeded | SignOnRefused | IdentityUnknown => StatusCode::UNAUTHORIZED,
            Forbidden | CrossSite | SecondFactorNeeded | PasswordExpired => StatusCode::FORBIDDEN,
            NotFound => StatusCode::NOT_FOUND,
            MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            TooSlow => StatusCode::REQUEST_TIMEOUT,
            TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            UnsupportedMedia => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Stale | Taken | WrongState | FourEyes => StatusCode::CONFLICT,
            RulesBroken | KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            Unavailable | TimedOut | SignOnAway => StatusCode::SERVICE_UNAVAILABLE,
            Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The reply's body; the words are in the caller's language.
    pub fn to_api(&self, lang: Lang, request_id: &str) -> api::Problem {
        let words = text::problem::kind(lang, self.code);
        let detail = match self.code {
            ProblemCode::Malformed if !self.hint.is_empty() => format!("{} {}", words.detail, self.hint),
            _ => words.detail.to_string(),
        };
        let code: &str = self.code.into();
        api::Problem {
            kind: format!("/problems/{code}"),
            title: words.title.to_string(),
            status: self.status().as_u16(),
            code: self.code,
            detail,
            violations: self.violations.clone(),
            request_id: request_id.to_owned(),
        }
    }

    pub fn into_response(self, lang: Lang, request_id: &str) -> Response<Body> {
        if self.status().is_server_error() {
            tracing::error!(request_id, code = ?self.code, hint = self.hint, "a call failed");
        }
        let body = serde_json::to_vec(&self.to_api(lang, request_id)).expect("a problem is plain data");
        Response::builder()
            .status(self.status())
            .header(header::CONTENT_TYPE, "application/problem+json")
            .header(header::CACHE_CONTROL, "no-store")
            .body(Body::from(body))
            .expect("a response of known parts")
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let hint = error.to_string();
        let code = match error {
            StoreError::Unavailable(_) | StoreError::Busy(_) => ProblemCode::Unavailable,
            StoreError::Conflict { .. } => ProblemCode::Taken,
            StoreError::Stale => ProblemCode::Stale,
            StoreError::NotFound => ProblemCode::NotFound,
            _ => ProblemCode::Internal,
        };
        Self {
            hint,
            ..Self::new(code)
        }
    }
}

/// An illegal transition is a state problem, any other violation a broken rule.
impl From<Violation> for Problem {
    fn from(violation: Violation) -> Self {
        let code = match violation {
            Violation::WrongState { .. } | Violation::CutOffPassed => ProblemCode::WrongState,
            _ => ProblemCode::RulesBroken,
        };
        Self {
            violations: vec![violation],
            ..Self::new(code)
        }
    }
}
