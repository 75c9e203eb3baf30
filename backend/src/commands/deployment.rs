//! What the files of `deploy/` say, against what the program takes.

use super::Command;
use clap::Subcommand;
use std::collections::BTreeSet;

const COMPOSE: &str = include_str!("../../../deploy/compose.yml");
const PROXY: &str = include_str!("../../../deploy/Caddyfile");
const UNIT: &str = include_str!("../../../deploy/gongxun.service");
const DOCKERFILE: &str = include_str!("../../../deploy/Dockerfile");
const NOT_COMMITTED: &str = include_str!("../../../.gitignore");
const NOT_IN_IMAGES: &str = include_str!("../../../.dockerignore");

/// The settings that some command reads.
fn settings() -> BTreeSet<String> {
    fn collect(command: &clap::Command, all: &mut BTreeSet<String>) {
        let named = command.get_arguments().filter_map(|argument| argument.get_env());
        all.extend(named.map(|name| name.to_string_lossy().into_owned()));
        command.get_subcommands().for_each(|command| collect(command, all));
    }
    let mut all = BTreeSet::new();
    collect(&Command::augment_subcommands(clap::Command::new("gongxun")), &mut all);
    all
}

/// `GONGXUN_NAME` followed by a value, outside comments.
fn set_in(file: &str) -> BTreeSet<String> {
    let lines = file.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words = lines.flat_map(|line| line.split([' ', '=', ':', '{', '$', '/']));
    let names = words.filter(|word| word.starts_with("GONGXUN_") && *word != "GONGXUN_HOST");
    names.map(str::to_owned).collect()
}

#[test]
fn every_setting_of_a_deployment_is_one_of_the_program() {
    let known = settings();
    for file in [COMPOSE, UNIT, DOCKERFILE] {
        let set = set_in(file);
        assert!(!set.is_empty());
        assert_eq!(set.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}

#[test]
fn who_is_behind_a_proxy_names_it() {
    for file in [COMPOSE, UNIT] {
        let set = set_in(file);
        assert!(set.contains("GONGXUN_SECURE_COOKIES") && set.contains("GONGXUN_TRUSTED_PROXIES"));
    }
}

#[test]
fn no_secret_of_a_deployment_is_committed_or_built_into_an_image() {
    let files = COMPOSE.lines().filter_map(|line| line.trim().strip_prefix("file: ./"));
    let secrets: Vec<&str> = files.collect();
    assert_eq!(secrets.len(), 3);
    assert!(NOT_IN_IMAGES.lines().any(|line| line == "deploy"));
    for secret in secrets {
        assert!(
            NOT_COMMITTED.lines().any(|line| line == format!("/deploy/{secret}")),
            "{secret}"
        );
        assert!(
            COMPOSE.contains(&format!("> {secret}")),
            "{secret}: the heading makes it"
        );
    }
}

#[test]
fn the_proxy_leads_to_the_servers_and_is_told_its_name() {
    let words = PROXY.split_whitespace();
    let servers: BTreeSet<&str> = words.filter_map(|word| word.strip_suffix(":8080")).collect();
    assert_eq!(Vec::from_iter(&servers), [&"web-1", &"web-2"]);
    for server in servers {
        assert!(COMPOSE.contains(&format!("\n  {server}:\n")), "{server}");
    }
    assert!(PROXY.contains("{$GONGXUN_HOST:localhost}"));
    assert!(COMPOSE.contains("GONGXUN_HOST: ${GONGXUN_HOST:-localhost}"));
}

#[test]
fn the_proxy_asks_who_lives_while_nobody_is_ready() {
    let (usual, nobody) = PROXY.split_once("handle_errors").expect("the database may be away");
    assert!(usual.contains("health_uri /readyz"));
    assert!(nobody.contains("reverse_proxy") && !nobody.contains("health_uri"));
}

#[test]
fn a_database_that_is_being_made_is_not_healthy_yet() {
    assert!(COMPOSE.contains(r#"["CMD", "pg_isready", "--host=127.0.0.1", "#));
}
