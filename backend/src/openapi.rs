//! The OpenAPI document of the calls, made from the contract's own types, and a reference to browse it,
//! both from this server.

use crate::app::App;
use axum::Router;
use domain::api;
use domain::api::*;
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::{ContentBuilder, PathItem, Ref, RefOr, Required, ResponseBuilder};
use utoipa::{IntoParams, PartialSchema, ToSchema};

pub const DOCUMENT: &str = "/api/openapi.json";
pub const REFERENCE: &str = "/api/reference";

#[derive(OpenApi)]
#[openapi(info(
    title = "Gongxun 共训",
    description = "Shared training bases: requests, fair timetables, the public ledger. Times named `…_at_min` are \
                   civil minutes since 1970-01-01; spans are half-open minutes of the week."
))]
struct Document;

pub fn routes() -> Router<App> {
    let ui = utoipa_swagger_ui::SwaggerUi::new(REFERENCE).url(DOCUMENT, document());
    ui.into()
}

/// The document: every call of the contract, once.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Document::openapi();
    let mut writer = Writer {
        document: &mut document,
    };
    writer.ask::<SignIn>();
    writer.ask::<SignOut>();
    writer.ask::<AcceptInvitation>();
    writer.write::<JoinAsSelf>();
    writer.write::<ActFor>();
    writer.read::<ReadSession>();
    writer.read::<ReadAccount>();
    writer.write::<EndSession>();
    writer.write::<ChangePassword>();
    writer.ask::<StartSecondFactor>();
    writer.ask::<ConfirmSecondFactor>();
    writer.write::<EndSecondFactor>();
    writer.write::<LinkIdentity>();
    writer.write::<UnlinkIdentity>();
    writer.read::<ListOrganizations>();
    writer.write::<AdmitOrganization>();
    writer.write::<SuspendOrganization>();
    writer.write::<LiftSuspension>();
    writer.write::<LetOrganizationLeave>();
    writer.write::<ReadmitOrganization>();
    writer.read::<ListPeople>();
    writer.ask::<InvitePerson>();
    writer.write::<RevokeInvitation>();
    writer.write::<SetSecondFactorRule>();
    writer.write::<SetRole>();
    writer.write::<TakeRole>();
    writer.write::<DeactivatePerson>();
    writer.write::<ReactivatePerson>();
    writer.read::<ReadDuties>();
    writer.write::<HandOver>();
    writer.read::<ReadHome>();
    writer.read::<ReadCatalog>();
    writer.read::<ReadThingWeek>();
    writer.read::<ListRequests>();
    writer.read::<ReadRequest>();
    writer.read::<ReadForm>();
    writer.ask::<CheckDraft>();
    writer.write::<SaveDraft>();
    writer.write::<SubmitRequest>();
    writer.write::<AmendRequest>();
    writer.write::<WithdrawRequest>();
    writer.write::<ReturnRequest>();
    writer.read::<ListRounds>();
    writer.read::<ReadRound>();
    writer.write::<CloseRound>();
    writer.write::<ReopenRound>();
    writer.write::<StartRun>();
    writer.read::<ReadRun>();
    writer.write::<StopRun>();
    writer.read::<ReadBoard>();
    writer.read::<ReadMoves>();
    writer.write::<MoveLesson>();
    writer.write::<PinLesson>();
    writer.write::<RemoveLesson>();
    writer.write::<ApprovePlan>();
    writer.write::<DiscardPlan>();
    writer.write::<PublishPlan>();
    writer.read::<ReadTimetable>();
    writer.read::<ReadFairness>();
    writer.read::<ListNotices>();
    writer.write::<SendNoticeAgain>();
    writer.read::<ReadAudit>();
    document
}

struct Writer<'a> {
    document: &'a mut utoipa::openapi::OpenApi,
}

impl Writer<'_> {
    /// A GET whose fields are the query.
    fn read<C: Call + IntoParams + ToSchema>(&mut self)
    where
        C::Reply: ToSchema,
    {
        let params = C::into_params(|| Some(ParameterIn::Query));
        let operation = self.operation::<C>().parameters(Some(params));
        self.add::<C>(HttpMethod::Get, operation);
    }

    /// A POST with its key, whose fields are the JSON body.
    fn write<C: WriteCall + ToSchema>(&mut self)
    where
        C::Reply: ToSchema,
    {
        let key = ParameterBuilder::new()
            .name(KEY_HEADER)
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .schema(Some(String::schema()))
            .description(Some(
                "An id minted by the caller: the same key once more gets the same reply.",
            ));
        let operation = self.posted::<C>().parameter(key);
        self.add::<C>(HttpMethod::Post, operation);
    }

    /// A POST without a key.
    fn ask<C: Call + ToSchema>(&mut self)
    where
        C::Reply: ToSchema,
    {
        let operation = self.posted::<C>();
        self.add::<C>(HttpMethod::Post, operation);
    }

    fn posted<C: Call + ToSchema>(&mut self) -> OperationBuilder
    where
        C::Reply: ToSchema,
    {
        let schema = self.schema::<C>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True))
            .build();
        self.operation::<C>().request_body(Some(body))
    }

    fn operation<C: Call>(&mut self) -> OperationBuilder
    where
        C::Reply: ToSchema,
    {
        let reply = self.schema::<C::Reply>();
        let problem = self.schema::<api::Problem>();
        let answer = |kind: &str, schema: RefOr<utoipa::openapi::Schema>, words: &str| {
            let content = ContentBuilder::new().schema(Some(schema)).build();
            ResponseBuilder::new().description(words).content(kind, content).build()
        };
        OperationBuilder::new()
            .operation_id(Some(C::NAME))
            .tag(C::PATH.split('/').nth(3).unwrap_or_default())
            .response("200", answer("application/json", reply, "The reply."))
            .response(
                "default",
                answer("application/problem+json", problem, "A problem with a stable code."),
            )
    }

    /// Registers a type with all that it holds and answers with a reference to it.
    fn schema<T: ToSchema>(&mut self) -> RefOr<utoipa::openapi::Schema> {
        let mut all = vec![(T::name().into_owned(), <T as PartialSchema>::schema())];
        T::schemas(&mut all);
        let components = self.document.components.get_or_insert_default();
        components.schemas.extend(all);
        RefOr::Ref(Ref::from_schema_name(T::name()))
    }

    fn add<C: Call>(&mut self, method: HttpMethod, operation: OperationBuilder) {
        self.document
            .paths
            .paths
            .insert(C::PATH.to_owned(), PathItem::new(method, operation));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_of_the_contract_is_in_the_document() {
        let document = document();
        let documented: Vec<&String> = document.paths.paths.keys().collect();
        for (name, _, path) in CALLS {
            assert!(documented.iter().any(|known| known == path), "{name} is missing");
        }
        assert_eq!(documented.len(), CALLS.len());
    }
}
