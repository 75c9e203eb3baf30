//! The OpenAPI document of the calls, made from the contract's own types, and a reference to browse it,
//! both from this server.

use crate::app::App;
use crate::problem::Problem;
use crate::sse;
use axum::Router;
use domain::access::{Bar, Grant, Told, row};
use domain::api;
use domain::api::*;
use std::collections::BTreeMap;
use strum::VariantArray;
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
    writer.door::<SignIn>();
    writer.door::<SignOut>();
    writer.door::<AcceptInvitation>();
    writer.write::<JoinAsSelf>();
    writer.write::<ActFor>();
    writer.read::<ReadSession>();
    writer.read::<ReadAccount>();
    writer.write::<EndSession>();
    writer.write::<ChangePassword>();
    writer.write::<SetOwnPhone>();
    writer.door::<RevealOwnPhone>();
    writer.door::<ExportOwnData>();
    writer.door::<StartSecondFactor>();
    writer.door::<ConfirmSecondFactor>();
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
    writer.door::<InvitePerson>();
    writer.write::<RevokeInvitation>();
    writer.write::<SetSecondFactorRule>();
    writer.write::<SetRole>();
    writer.write::<TakeRole>();
    writer.write::<DeactivatePerson>();
    writer.write::<ReactivatePerson>();
    writer.write::<SetPhone>();
    writer.door::<RevealPhone>();
    writer.write::<ErasePerson>();
    writer.read::<ReadDuties>();
    writer.write::<HandOver>();
    writer.write::<HandOverLesson>();
    writer.read::<ReadHome>();
    writer.read::<ReadCatalog>();
    writer.read::<ReadThingWeek>();
    writer.read::<ListRequests>();
    writer.read::<ReadRequest>();
    writer.read::<ReadForm>();
    writer.ask::<CheckDraft>();
    writer.read::<ReadTemplate>();
    writer.ask::<PreviewImport>();
    writer.write::<ImportRequests>();
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
    writer.run_events();
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
        let operation = self.operation::<C>(Kind::Read).parameters(Some(params));
        self.add::<C>(HttpMethod::Get, operation);
    }

    /// The one reply that goes on: the fields and the problems are those of `ReadRun`, and each event's data is its reply.
    fn run_events(&mut self) {
        let content = ContentBuilder::new().schema(Some(self.schema::<RunView>())).build();
        let events = ResponseBuilder::new()
            .description(
                "Events, each with the run as its data: as it is now, after every change, and last as it ended.",
            )
            .content("text/event-stream", content);
        let params = ReadRun::into_params(|| Some(ParameterIn::Query));
        let operation = self.operation::<ReadRun>(Kind::Read).parameters(Some(params));
        let operation = operation
            .operation_id(Some("ReadRunEvents"))
            .response("200", events.build());
        let paths = &mut self.document.paths.paths;
        paths.insert(sse::EVENTS.to_owned(), PathItem::new(HttpMethod::Get, operation));
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
        let operation = self.posted::<C>(Kind::Write).parameter(key);
        self.add::<C>(HttpMethod::Post, operation);
    }

    /// A POST that only reads.
    fn ask<C: ReadCall + ToSchema>(&mut self)
    where
        C::Reply: ToSchema,
    {
        let operation = self.posted::<C>(Kind::Ask);
        self.add::<C>(HttpMethod::Post, operation);
    }

    /// A POST whose reply is a secret: it has no key.
    fn door<C: DoorCall + ToSchema>(&mut self)
    where
        C::Reply: ToSchema,
    {
        let operation = self.posted::<C>(Kind::Door);
        self.add::<C>(HttpMethod::Post, operation);
    }

    fn posted<C: Call + ToSchema>(&mut self, kind: Kind) -> OperationBuilder
    where
        C::Reply: ToSchema,
    {
        let schema = self.schema::<C>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body = RequestBodyBuilder::new()
            .content("application/json", content)
            .required(Some(Required::True))
            .build();
        self.operation::<C>(kind).request_body(Some(body))
    }

    /// The reply, and every problem that the call may be answered with, by status.
    fn operation<C: Call>(&mut self, kind: Kind) -> OperationBuilder
    where
        C::Reply: ToSchema,
    {
        let reply = self.schema::<C::Reply>();
        let problem = self.schema::<api::Problem>();
        let answer = |kind: &str, schema: RefOr<utoipa::openapi::Schema>, words: &str| {
            let content = ContentBuilder::new().schema(Some(schema)).build();
            ResponseBuilder::new().description(words).content(kind, content).build()
        };
        let operation = OperationBuilder::new()
            .operation_id(Some(C::NAME))
            .tag(C::PATH.split('/').nth(3).unwrap_or_default())
            .response("200", answer("application/json", reply, "The reply."));
        let known = problems(C::CALL, kind).into_iter();
        known.fold(operation, |operation, (status, codes)| {
            let words = format!("A problem: {}.", codes.join(", "));
            let answer = answer("application/problem+json", problem.clone(), &words);
            operation.response(status.to_string(), answer)
        })
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

/// What a call is to the adapter between HTTP and use cases.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Read,
    Ask,
    Door,
    Write,
}

/// The codes of the problems that a call may be answered with, by status.
fn problems(call: CallName, kind: Kind) -> BTreeMap<u16, Vec<&'static str>> {
    let mut by_status = BTreeMap::<u16, Vec<&'static str>>::new();
    let known = ProblemCode::VARIANTS
        .iter()
        .filter(|code| may_answer(call, kind, **code));
    for code in known {
        let status = Problem::new(*code).status().as_u16();
        by_status.entry(status).or_default().push((*code).into());
    }
    by_status
}

fn may_answer(call: CallName, kind: Kind, code: ProblemCode) -> bool {
    use CallName::*;
    use ProblemCode::*;
    let row = row(call);
    let is_for_all = row.grants.iter().all(|grant| *grant == Grant::All);
    let asks_for_a_password = matches!(
        call,
        SignIn
            | ChangePassword
            | StartSecondFactor
            | ConfirmSecondFactor
            | EndSecondFactor
            | LinkIdentity
            | UnlinkIdentity
    );
    match code {
        // A text that is not plain breaks a rule wherever it stands, in the name of a field too.
        Malformed | RulesBroken | Unavailable | TimedOut => true,
        SignInNeeded => row.grant(None) == Grant::No,
        BadCredentials => asks_for_a_password,
        CodeNeeded => call == SignIn,
        // Who goes too fast is told so of everything that may change something.
        TooManyTries => asks_for_a_password || kind != Kind::Read,
        // What is not theirs is not there; a use case may know more than the matrix.
        Forbidden => !is_for_all && (row.told == Told::Refused || kind != Kind::Read),
        NotFound => !matches!(call, SignIn | SignOut),
        CrossSite | TooLarge | UnsupportedMedia | TooSlow => kind != Kind::Read,
        Stale | Taken => matches!(kind, Kind::Write | Kind::Door),
        // A round that collects no more has nothing to preview for.
        WrongState => matches!(kind, Kind::Write | Kind::Door) || call == PreviewImport,
        FourEyes => matches!(call, ApprovePlan | PublishPlan),
        KeyNeeded | KeyReused => kind == Kind::Write,
        SecondFactorNeeded => !Bar::SecondFactor.lets(call),
        PasswordExpired => !Bar::Password.lets(call),
        SignOnRefused => matches!(call, LinkIdentity | AcceptInvitation),
        // Only pages on the way to the provider and back say these two.
        SignOnAway | IdentityUnknown => false,
        // Another method is another operation; a fault of the program is never promised.
        MethodNotAllowed | Internal => false,
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
        // The events of a run are no call of their own.
        let is_call = |path: &&&String| CALLS.iter().any(|(_, _, call)| call == **path);
        let other: Vec<&str> = documented
            .iter()
            .filter(|path| !is_call(path))
            .map(|path| path.as_str())
            .collect();
        assert_eq!(other, [sse::EVENTS]);
    }

    #[test]
    fn every_problem_is_told_of_some_call_and_a_fault_of_the_program_of_none() {
        let told = |code: ProblemCode| {
            let kinds = [Kind::Read, Kind::Ask, Kind::Door, Kind::Write];
            let mut calls = CallName::VARIANTS.iter();
            calls.any(|call| kinds.iter().any(|kind| may_answer(*call, *kind, code)))
        };
        let untold: Vec<_> = ProblemCode::VARIANTS.iter().filter(|code| !told(**code)).collect();
        let pages = [ProblemCode::SignOnAway, ProblemCode::IdentityUnknown];
        let never = [ProblemCode::MethodNotAllowed, ProblemCode::Internal];
        assert_eq!(untold, pages.iter().chain(&never).collect::<Vec<_>>());
        let read = problems(CallName::ReadTimetable, Kind::Read);
        assert_eq!(read.into_keys().collect::<Vec<_>>(), [400, 403, 404, 422, 503]);
        assert!(problems(CallName::PreviewImport, Kind::Ask).contains_key(&409));
    }
}
