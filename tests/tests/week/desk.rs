//! What the tests of a week do again and again.

use backend::totp;
use domain::api::*;
use domain::id::*;
use domain::password::Password;
use domain::people::Role;
use domain::request::RequestDraft;
use domain::time::Span;
use tests::databases::{Kind, TestDatabase};
use tests::server::{Client, Server, Setup};

/// A server on a database of the kind; the database goes after the server.
pub struct Desk {
    pub server: Server,
    database: Option<TestDatabase>,
}

impl Desk {
    pub async fn open(kind: Kind) -> Self {
        Self::with(kind, Setup::default()).await
    }

    pub async fn with(kind: Kind, setup: Setup) -> Self {
        let database = match kind {
            Kind::Sqlite => None,
            _ if setup.database_url.is_some() => None,
            Kind::Postgres if setup.empty => Some(TestDatabase::migrated(kind).await),
            Kind::Postgres => Some(TestDatabase::empty(kind).await),
        };
        let setup = Setup {
            database_url: database
                .as_ref()
                .map(|database| database.url.clone())
                .or(setup.database_url),
            ..setup
        };
        let server = tokio::task::spawn_blocking(move || Server::start(&setup))
            .await
            .expect("no panic");
        Self {
            server: server.expect("the demo starts"),
            database,
        }
    }

    /// The same database after the server's end, served by a new process.
    pub async fn reopen(self, args: &[&str]) -> Self {
        let Self { server, database } = self;
        let setup = Setup {
            database_url: Some(database.as_ref().map_or_else(
                || backend::config::Config::sqlite_url(server.data_dir()),
                |database| database.url.clone(),
            )),
            empty: true,
            data_dir: Some(server.data_dir().to_owned()),
            ..Setup::with(args)
        };
        let again = tokio::task::spawn_blocking(move || Server::start(&setup))
            .await
            .expect("no panic");
        let server = again.expect("the server starts again").in_place_of(server);
        Self { server, database }
    }

    /// A server on an empty database: nobody has a login.
    pub async fn empty(kind: Kind) -> Self {
        let setup = Setup {
            empty: true,
            ..Setup::default()
        };
        Self::with(kind, setup).await
    }

    /// The path that the command for a first person prints.
    pub async fn bootstrap(&self) -> String {
        let output = self.run(&["user", "bootstrap", "--alliance", "chuxiong"]).await;
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A command of the program on the server's own data.
    pub async fn run(&self, words: &[&str]) -> std::process::Output {
        run(words, self.server.data_dir(), &self.database_url()).await
    }

    /// Where the server's database is.
    pub fn database_url(&self) -> String {
        let embedded = || backend::config::Config::sqlite_url(self.server.data_dir());
        self.database
            .as_ref()
            .map_or_else(embedded, |database| database.url.clone())
    }

    /// Every end of the audit log that the server noted outside its database.
    pub fn anchored(&self) -> Vec<backend::store::audit::Head> {
        let anchor = backend::audit::Anchor::in_dir(self.server.data_dir());
        anchor.read().expect("the anchor reads")
    }

    pub async fn signed_in(&self, login: &str) -> Client {
        self.server
            .client(self.server.login(login))
            .await
            .expect("the demo's login works")
    }

    /// Both coordinators: the one who plans and the one who approves.
    pub async fn coordinators(&self) -> (Client, Client) {
        let logins: Vec<_> = self
            .server
            .logins
            .iter()
            .filter(|login| login.role == Role::Coordinator)
            .collect();
        let first = self.server.client(logins[0]).await.expect("a coordinator");
        let second = self.server.client(logins[1]).await.expect("another coordinator");
        (first, second)
    }
}

/// A command of the program on some data.
pub async fn run(words: &[&str], data_dir: &std::path::Path, database_url: &str) -> std::process::Output {
    let mut command = std::process::Command::new(tests::binary().expect("the program is built"));
    command.args(words).arg("--data-dir").arg(data_dir);
    command.args(["--database-url", database_url]);
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    output.expect("no panic").expect("the command runs")
}

/// What a command said, on both its outputs.
pub fn said(output: &std::process::Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Turns on the second factor of whoever is signed in: its secret and the recovery codes.
pub async fn enrolled(client: &Client, password: &str) -> (Vec<u8>, Vec<String>) {
    let start = StartSecondFactor {
        password: Password(password.to_owned()),
    };
    let told = client.call(&start).await.expect("a secret");
    let secret = totp::from_base32(&told.secret).expect("base32");
    let code = totp::code(&secret, backend::clock::now_ms());
    let codes = client
        .call(&ConfirmSecondFactor { code })
        .await
        .expect("confirmed")
        .codes;
    (secret, codes)
}

/// A new form of the open round.
pub async fn form(client: &Client) -> FormView {
    client
        .call(&ReadForm { round: None, id: None })
        .await
        .expect("a member may ask")
}

/// The open round as a coordinator sees it.
pub async fn open_round(coordinator: &Client) -> RoundView {
    let all = coordinator.call(&ListRounds {}).await.expect("rounds");
    let open = all
        .rounds
        .iter()
        .find(|round| round.state == domain::round::RoundState::Open)
        .expect("an open round");
    coordinator
        .call(&ReadRound { id: open.id.clone() })
        .await
        .expect("the round")
}

/// The round that was open, closed to requests.
pub async fn closed_round(coordinator: &Client) -> RoundSummary {
    let round = open_round(coordinator).await.round;
    let close = CloseRound {
        id: round.id.clone(),
        version: round.version,
    };
    coordinator.call(&close).await.expect("the round closes");
    round
}

/// Starts the solver and waits, by its events, until the run has ended.
pub async fn solved(coordinator: &Client, round: &RoundId, from_plan: Option<PlanId>, seconds: i64) -> RunView {
    let id = RunId::new(backend::clock::new_id());
    let start = StartRun {
        id: id.clone(),
        round: round.clone(),
        from_plan,
        seconds,
    };
    coordinator.call(&start).await.expect("the run starts");
    ended(coordinator, &id).await
}

/// The run once its event stream has closed.
pub async fn ended(coordinator: &Client, id: &RunId) -> RunView {
    let address = format!("{}/api/v1/runs/events?id={id}", coordinator.url);
    let events = coordinator.http.get(address).send().await.expect("events");
    assert!(events.status().is_success(), "{}", events.status());
    let text = events.text().await.expect("the stream ends");
    assert!(text.contains("data:"), "the stream told nothing");
    coordinator.call(&ReadRun { id: id.clone() }).await.expect("the run")
}

/// A plan as it stands.
pub async fn board(coordinator: &Client, plan: &PlanId) -> BoardView {
    coordinator
        .call(&ReadBoard { plan: plan.clone() })
        .await
        .expect("the board")
}

/// Approves a plan by the second coordinator and publishes it by the first.
pub async fn published(coordinator: &Client, second: &Client, plan: &PlanId) -> Result<RoundView, Problem> {
    let plan = plan.clone();
    let version = board(coordinator, &plan).await.plan.version;
    let approve = ApprovePlan {
        plan: plan.clone(),
        version,
    };
    let approved = second.call(&approve).await.expect("approved");
    let publish = PublishPlan {
        plan,
        version: approved.plan.version,
        round_version: approved.round.version,
    };
    coordinator.call(&publish).await
}

/// A draft that a trainer fills in: four lessons of two periods on four mornings.
pub fn lathe_draft(form: &FormView) -> RequestDraft {
    let cohort = form
        .cohorts
        .iter()
        .find(|cohort| cohort.headcount == 36)
        .expect("the demo has a class of 36");
    let lathe = form
        .equipment
        .iter()
        .find(|kind| kind.name.contains("车床"))
        .expect("the demo has lathes");
    let morning = |day: i64| domain::instance::Window {
        span: Span::new(day * 1440 + 480, day * 1440 + 700),
        preference: 1,
    };
    RequestDraft {
        purpose: "数控车削实训".into(),
        lessons: 4,
        headcount: 36,
        cohorts: vec![cohort.id.clone()],
        windows: (0..4).map(morning).collect(),
        rooms: lathe.room.iter().cloned().collect(),
        equipment: vec![domain::instance::EquipmentNeed {
            id: lathe.id.clone(),
            units: lathe.units - 2,
        }],
        ..RequestDraft::blank()
    }
}

/// Why a call is refused; nothing where it is not.
pub async fn code(client: &Client, call: &impl Call) -> Option<ProblemCode> {
    client.call(call).await.err().map(|problem| problem.code)
}

/// Submits the least that can be asked; gives the form that it was asked in.
pub async fn submitted(client: &Client) -> FormView {
    let open = form(client).await;
    let submit = SubmitRequest {
        id: open.id.clone(),
        round: open.round.id.clone(),
        version: 0,
        draft: any_draft(&open),
    };
    client.call(&submit).await.expect("submitted");
    open
}

/// Asks for the least with a purpose, as a draft or submitted at once.
pub async fn asked(client: &Client, open: &FormView, purpose: &str, submitted: bool) -> RequestView {
    let (id, round, version) = (RequestId::new(backend::clock::new_id()), open.round.id.clone(), 0);
    let draft = RequestDraft {
        purpose: purpose.into(),
        ..any_draft(open)
    };
    let reply = match submitted {
        true => {
            client
                .call(&SubmitRequest {
                    id,
                    round,
                    version,
                    draft,
                })
                .await
        }
        false => {
            client
                .call(&SaveDraft {
                    id,
                    round,
                    version,
                    draft,
                })
                .await
        }
    };
    reply.expect("whoever owns it may ask")
}

/// The least that any member may ask for: one lesson for one class, on any of four mornings.
pub fn any_draft(form: &FormView) -> RequestDraft {
    let cohort = form.cohorts.first().expect("every member has a class");
    let morning = |day: i64| domain::instance::Window {
        span: Span::new(day * 1440 + 480, day * 1440 + 700),
        preference: 0,
    };
    RequestDraft {
        purpose: "观摩".into(),
        lessons: 1,
        headcount: cohort.headcount.min(20),
        cohorts: vec![cohort.id.clone()],
        windows: (0..4).map(morning).collect(),
        ..RequestDraft::blank()
    }
}
