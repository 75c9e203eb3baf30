//! Every page once, drawn from the hand-made views: name, section, title, content.

use super::{account, catalog, imports, planning, session, thing, timetable};
use domain::api::{FairnessView, ListRequests, ProblemCode, RequestsView, TimetableView};
use domain::people::Role;
use domain::request::RequestState;
use domain::violation::Violation;
use frontend::pages::{self, requests::Beside, requests::Wanted, sign_in::Attempt};
use frontend::{Assets, Bundle, Frame, Lang, Module, Section, render};
use leptos::prelude::AnyView;

type Draw = Box<dyn FnOnce() -> AnyView>;

/// The page's name, where it belongs, who looks at it, and how to draw it.
pub struct Sheet {
    pub name: &'static str,
    pub section: Section,
    pub viewer: Option<Role>,
    draw: Draw,
}

fn module(bundle: Bundle) -> Module {
    Module {
        js: format!("/{}.js", bundle.name()),
        wasm: format!("/{}.wasm", bundle.name()),
    }
}

/// The page as a whole document.
pub fn html(lang: Lang, sheet: Sheet, css: &str) -> String {
    let frame = Frame {
        lang,
        title: sheet.name.to_owned(),
        nonce: "n".into(),
        assets: Assets {
            css: css.into(),
            boot: "/boot.js".into(),
            icon: "/icon.svg".into(),
            modules: Bundle::ALL.map(|bundle| (bundle, module(bundle))).into(),
        },
        viewer: sheet.viewer.map(session),
        key: "k".into(),
        path: format!("/{}", sheet.name),
        alliance: lang.pick("楚雄产教联盟", "Chuxiong Alliance").into(),
        section: sheet.section,
    };
    render(sheet.draw, frame)
}

pub fn sheets(lang: Lang) -> Vec<Sheet> {
    fn of(
        name: &'static str,
        section: Section,
        viewer: Option<Role>,
        draw: impl FnOnce() -> AnyView + 'static,
    ) -> Sheet {
        Sheet {
            name,
            section,
            viewer,
            draw: Box::new(draw),
        }
    }
    let (teacher, coordinator) = (Some(Role::Requester), Some(Role::Coordinator));
    let refused = Attempt {
        login: "li".into(),
        refused: Some(ProblemCode::BadCredentials),
        ..Attempt::default()
    };
    let nothing = RequestsView {
        requests: Vec::new(),
        ..planning::requests()
    };
    let unpublished = TimetableView {
        published_at_min: None,
        sittings: Vec::new(),
        ..timetable()
    };
    let no_week = FairnessView {
        week: None,
        published: false,
        lines: Vec::new(),
        ..planning::fairness()
    };
    let broken = vec![Violation::WindowsMissing, Violation::DaysTooFew { needed: 4, days: 3 }];
    vec![
        of("sign-in", Section::Outside, None, move || {
            pages::sign_in::page(lang, &refused)
        }),
        of("welcome", Section::Home, None, move || {
            pages::home::welcome(lang, "楚雄产教联盟")
        }),
        of("home-teacher", Section::Home, teacher, move || {
            pages::home::page(lang, &planning::home(Role::Requester))
        }),
        of("home-coordinator", Section::Home, coordinator, move || {
            pages::home::page(lang, &planning::home(Role::Coordinator))
        }),
        of("catalog", Section::Catalog, None, move || {
            pages::catalog::page(lang, &catalog(), &Default::default())
        }),
        of("room", Section::Catalog, teacher, move || {
            pages::thing::page(lang, &thing())
        }),
        of("instructors", Section::Instructors, teacher, move || {
            pages::instructors::page(lang, &catalog(), &Default::default())
        }),
        of("requests", Section::Requests, teacher, move || {
            pages::requests::page(lang, &planning::requests(), &Wanted::default(), Beside::default())
        }),
        of("requests-empty", Section::Requests, teacher, move || {
            pages::requests::page(lang, &nothing, &Wanted::default(), Beside::default())
        }),
        of("import", Section::Requests, teacher, move || {
            pages::imports::start(lang, &imports::start())
        }),
        of("import-clean", Section::Requests, teacher, move || {
            pages::imports::preview(lang, &imports::clean(), "QQ==", "k", None)
        }),
        of("import-faulty", Section::Requests, teacher, move || {
            let told = Some((ProblemCode::RulesBroken, vec![]));
            pages::imports::preview(lang, &imports::faulty(), "QQ==", "k", told)
        }),
        of("import-barred", Section::Requests, teacher, move || {
            pages::imports::preview(lang, &imports::barred(), "QQ==", "k", None)
        }),
        of("request", Section::Requests, teacher, move || {
            pages::request::page(lang, &planning::request(RequestState::PartlyConfirmed))
        }),
        of("request-open", Section::Requests, teacher, move || {
            pages::request::page(lang, &planning::request(RequestState::Submitted))
        }),
        of("rounds", Section::Rounds, coordinator, move || {
            pages::rounds::page(lang, &planning::rounds())
        }),
        of("round", Section::Rounds, coordinator, move || {
            pages::round::page(
                lang,
                &planning::round_page(),
                &planning::requests(),
                &ListRequests {
                    round: None,
                    organization: None,
                    state: None,
                },
                "",
            )
        }),
        of("timetable", Section::Timetable, teacher, move || {
            pages::timetable::page(lang, &timetable())
        }),
        of("timetable-empty", Section::Timetable, None, move || {
            pages::timetable::page(lang, &unpublished)
        }),
        of("fairness", Section::Fairness, teacher, move || {
            pages::fairness::page(lang, &planning::fairness())
        }),
        of("fairness-empty", Section::Fairness, None, move || {
            pages::fairness::page(lang, &no_week)
        }),
        of("audit", Section::Audit, Some(Role::Auditor), move || {
            pages::audit::page(lang, &planning::audit(), &Default::default())
        }),
        of("account-barred", Section::Account, coordinator, move || {
            pages::account::page(lang, &account::barred_account(), &Default::default(), "k")
        }),
        of("account-expired", Section::Account, coordinator, move || {
            pages::account::page(lang, &account::expired_account(), &Default::default(), "k")
        }),
        of("account", Section::Account, coordinator, move || {
            pages::account::page(lang, &account::account(), &Default::default(), "k")
        }),
        of("failure", Section::Outside, None, move || {
            pages::failure::page(lang, 422, ProblemCode::RulesBroken, &broken, "01JD")
        }),
    ]
}
