//! In the OpenAPI document a span is a pair of integers and a week is a date, as in JSON.

use super::{Span, Week};
use std::borrow::Cow;
use utoipa::openapi::{RefOr, Schema};

impl utoipa::PartialSchema for Span {
    fn schema() -> RefOr<Schema> {
        <Vec<i64> as utoipa::PartialSchema>::schema()
    }
}
impl utoipa::ToSchema for Span {
    fn name() -> Cow<'static, str> {
        "Span".into()
    }
}
impl utoipa::PartialSchema for Week {
    fn schema() -> RefOr<Schema> {
        <String as utoipa::PartialSchema>::schema()
    }
}
impl utoipa::ToSchema for Week {
    fn name() -> Cow<'static, str> {
        "Week".into()
    }
}
