//! A real server process with the demo alliance, and clients that speak the contract's types over HTTP.

use crate::binary;
use anyhow::{Context, Result, bail, ensure};
use backend::clock;
use domain::api::{self, Call, KEY_HEADER, Method};
use domain::password::Password;
use domain::people::Role;
use serde::Deserialize;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use tempfile::TempDir;

/// `gongxun demo` on a free port with a database of its own; ends when dropped.
pub struct Server {
    child: Child,
    pub url: String,
    pub logins: Vec<Login>,
    data_dir: PathBuf,
    /// Cleared away with the server that made it.
    _own_dir: Option<TempDir>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Login {
    pub role: Role,
    pub name: String,
    pub organization: Option<String>,
    pub login: String,
    pub password: String,
}

/// How a server differs from the usual.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The embedded database otherwise.
    pub database_url: Option<String>,
    /// A program in the solver's place.
    pub solver: Option<PathBuf>,
    /// Serve what is in the database, without a demo.
    pub empty: bool,
    /// A directory of its own otherwise.
    pub data_dir: Option<PathBuf>,
    /// More flags.
    pub args: Vec<String>,
    /// More of the environment.
    pub environment: Vec<(String, String)>,
}

impl Setup {
    pub fn with(args: &[&str]) -> Self {
        let args = args.iter().map(ToString::to_string).collect();
        Self {
            args,
            ..Self::default()
        }
    }

    /// What every command that opens a database is told.
    fn flags(&self, data_dir: &Path) -> Vec<OsString> {
        let mut flags = vec!["--data-dir".into(), data_dir.into()];
        if let Some(url) = &self.database_url {
            flags.extend(["--database-url".into(), url.into()]);
        }
        if let Some(solver) = &self.solver {
            flags.extend(["--solver".into(), solver.into()]);
        }
        flags
    }
}

impl Server {
    /// Starts and waits until it says where it listens.
    pub fn start(setup: &Setup) -> Result<Self> {
        let own_dir = match setup.data_dir {
            Some(_) => None,
            None => Some(TempDir::new()?),
        };
        let given = || setup.data_dir.clone().unwrap_or_default();
        let data_dir = own_dir.as_ref().map_or_else(given, |dir| dir.path().to_owned());
        let mut command = Command::new(binary()?);
        match setup.empty {
            true => command.args(["serve", "--listen", "127.0.0.1:0"]),
            false => command.args(["demo", "--port", "0"]),
        };
        command.args(setup.flags(&data_dir)).args(&setup.args);
        // A test is many people at one address.
        command.env("GONGXUN_WRITES_PER_MINUTE", "0");
        command.envs(setup.environment.iter().cloned());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .context("the server starts")?;
        let stdout = child.stdout.take().context("the server has an output")?;
        let mut lines = BufReader::new(stdout).lines();
        let url = loop {
            let Some(line) = lines.next() else {
                bail!("the server ended before it listened: {:?}", child.wait())
            };
            if let Some(url) = line?.strip_prefix("listening on ") {
                break url.to_owned();
            }
        };
        // Who can come in is noted beside the demo's database.
        let logins = std::fs::read(data_dir.join("demo-logins.json")).ok();
        let logins = logins.map(|text| serde_json::from_slice(&text)).transpose()?;
        Ok(Self {
            child,
            url,
            logins: logins.unwrap_or_default(),
            data_dir,
            _own_dir: own_dir,
        })
    }

    /// Asks for the end and waits for it.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.signal("TERM")?;
        Ok(self.child.wait()?)
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has come to an end by itself.
    pub fn has_ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Waits for an end that it comes to by itself.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// Ends it at once, as a power cut does.
    pub fn kill(&mut self) -> Result<ExitStatus> {
        self.child.kill()?;
        Ok(self.child.wait()?)
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) -> Result<()> {
        signal(&self.child, name)
    }

    /// Takes over what another server, which has ended, leaves behind.
    pub fn in_place_of(mut self, mut ended: Server) -> Self {
        self._own_dir = ended._own_dir.take();
        self
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The login with this name.
    pub fn login(&self, login: &str) -> &Login {
        self.logins
            .iter()
            .find(|known| known.login == login)
            .expect("the demo has this login")
    }

    /// The first login of a role.
    pub fn login_of(&self, role: Role) -> &Login {
        self.logins
            .iter()
            .find(|known| known.role == role)
            .expect("the demo has this role")
    }

    /// A client that is signed in.
    pub async fn client(&self, login: &Login) -> Result<Client> {
        let client = self.visitor();
        let call = api::SignIn {
            login: login.login.clone(),
            password: Password(login.password.clone()),
            code: None,
        };
        client
            .call(&call)
            .await
            .map_err(|problem| anyhow::anyhow!("sign-in of {}: {problem:?}", login.login))?;
        Ok(client)
    }

    /// A client that is not.
    pub fn visitor(&self) -> Client {
        self.visitor_from(Ipv4Addr::LOCALHOST)
    }

    /// A client that is not, at another address of this machine.
    pub fn visitor_from(&self, address: Ipv4Addr) -> Client {
        // The client is built for TLS too, which our own addresses do not have.
        backend::tls::install();
        let http = reqwest::Client::builder()
            .local_address(IpAddr::from(address))
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build();
        Client {
            http: http.expect("a client"),
            url: self.url.clone(),
        }
    }
}

/// `gongxun worker` on a database; ends when dropped.
pub struct Worker {
    child: Child,
    _data_dir: TempDir,
}

impl Worker {
    pub fn start(setup: &Setup) -> Result<Self> {
        let data_dir = TempDir::new()?;
        let mut command = Command::new(binary()?);
        command
            .arg("worker")
            .args(setup.flags(data_dir.path()))
            .args(&setup.args);
        let child = command.spawn().context("the worker starts")?;
        Ok(Self {
            child,
            _data_dir: data_dir,
        })
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) -> Result<()> {
        signal(&self.child, name)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have been ended by the test itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn signal(child: &Child, name: &str) -> Result<()> {
    let sent = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(child.id().to_string())
        .status()?;
    ensure!(sent.success(), "the process is gone");
    Ok(())
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been ended by the test itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser's worth of HTTP: cookies and the typed calls.
#[derive(Clone)]
pub struct Client {
    pub http: reqwest::Client,
    pub url: String,
}

impl Client {
    /// A call under a new key.
    pub async fn call<C: Call>(&self, call: &C) -> Result<C::Reply, api::Problem> {
        self.call_under(&clock::new_id(), call).await
    }

    /// A call under this key, which only writes look at.
    pub async fn call_under<C: Call>(&self, key: &str, call: &C) -> Result<C::Reply, api::Problem> {
        let address = format!("{}{}", self.url, C::PATH);
        let request = match C::METHOD {
            Method::Get => self.http.get(address).query(call),
            Method::Post => self.http.post(address).header(KEY_HEADER, key).json(call),
        };
        let reply = request.send().await.expect("the server answers");
        let status = reply.status();
        let body = reply.bytes().await.expect("the reply has a body");
        if status.is_success() {
            return Ok(serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{}: {error}", C::NAME)));
        }
        Err(serde_json::from_slice(&body)
            .unwrap_or_else(|error| panic!("{} {status}: {error}: {}", C::NAME, String::from_utf8_lossy(&body))))
    }

    /// Status and body of a call, under a key or without one.
    pub async fn send_under<C: Call>(&self, key: Option<&str>, call: &C) -> (u16, Vec<u8>) {
        let request = self.http.post(format!("{}{}", self.url, C::PATH)).json(call);
        let request = match key {
            Some(key) => request.header(KEY_HEADER, key),
            None => request,
        };
        let reply = request.send().await.expect("the server answers");
        let status = reply.status().as_u16();
        (status, reply.bytes().await.expect("the reply has a body").to_vec())
    }

    /// Any call as plain data, under a new key.
    pub async fn send(&self, method: Method, path: &str, call: &serde_json::Value) -> (u16, serde_json::Value) {
        let address = format!("{}{path}", self.url);
        let request = match method {
            Method::Get => self.http.get(address).query(call),
            Method::Post => self.http.post(address).header(KEY_HEADER, clock::new_id()).json(call),
        };
        let reply = request.send().await.expect("the server answers");
        let status = reply.status().as_u16();
        (status, reply.json().await.unwrap_or_default())
    }

    /// A page's status and text.
    pub async fn page(&self, path: &str) -> (u16, String) {
        let reply = self
            .http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .expect("the server answers");
        (reply.status().as_u16(), reply.text().await.expect("a page is text"))
    }

    /// Any POST of JSON text.
    pub async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> (u16, serde_json::Value) {
        let request = self
            .http
            .post(format!("{}{path}", self.url))
            .header("content-type", "application/json")
            .header(KEY_HEADER, clock::new_id());
        let reply = request.body(body).send().await.expect("the server answers");
        let status = reply.status().as_u16();
        (status, reply.json().await.unwrap_or_default())
    }
}
