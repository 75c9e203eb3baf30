//! The flags of single sign-on, and the settings that they make.

use crate::config::SignOn;
use anyhow::{Context, ensure};
use clap::Args;
use std::path::PathBuf;

/// Without an issuer nobody is ever asked anything outside.
#[derive(Args)]
pub struct SignOnFlags {
    /// Let people sign in by this OpenID Connect provider, too; its address as it names itself.
    #[arg(long, env = "GONGXUN_OIDC_ISSUER", value_name = "URL", requires_all = ["oidc_client_id", "public_url"])]
    pub oidc_issuer: Option<String>,
    /// How this server is called there.
    #[arg(long, env = "GONGXUN_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,
    /// A file whose first line is the secret that goes with it; none for a public client.
    #[arg(long, env = "GONGXUN_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// What the button says, in Chinese.
    #[arg(
        long,
        env = "GONGXUN_OIDC_LABEL",
        value_name = "TEXT",
        default_value = "统一身份认证"
    )]
    pub oidc_label: String,
    /// And in English.
    #[arg(
        long,
        env = "GONGXUN_OIDC_LABEL_EN",
        value_name = "TEXT",
        default_value = "single sign-on"
    )]
    pub oidc_label_en: String,
    /// The `acr` by which the provider says that it has asked for a second factor; `amr` with `mfa` says so as well.
    #[arg(long, env = "GONGXUN_OIDC_STRONG_ACR", value_name = "TEXT")]
    pub oidc_strong_acr: Option<String>,
    /// The address by which people reach this server; the provider leads back to `…/sign-on/back` there.
    #[arg(long, env = "GONGXUN_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// The provider that the flags name, with the secret out of its file.
pub fn settings(flags: &SignOnFlags) -> anyhow::Result<Option<SignOn>> {
    let (Some(issuer), Some(client_id), Some(public_url)) =
        (&flags.oidc_issuer, &flags.oidc_client_id, &flags.public_url)
    else {
        return Ok(None);
    };
    ensure!(is_private(issuer), "--oidc-issuer takes https://…, not {issuer:?}");
    ensure!(
        public_url.starts_with("https://") || public_url.starts_with("http://"),
        "--public-url takes https://… or http://…, not {public_url:?}"
    );
    let secret = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let secret = text.lines().next().unwrap_or_default().trim().to_owned();
        ensure!(!secret.is_empty(), "{} holds no secret", file.display());
        Ok(secret)
    };
    Ok(Some(SignOn {
        issuer: issuer.clone(),
        client_id: client_id.clone(),
        secret: flags.oidc_client_secret_file.as_ref().map(secret).transpose()?,
        label: flags.oidc_label.clone(),
        label_en: flags.oidc_label_en.clone(),
        strong_acr: flags.oidc_strong_acr.clone(),
        public_url: public_url.trim_end_matches('/').to_owned(),
    }))
}

/// By TLS, or on this machine alone.
fn is_private(url: &str) -> bool {
    let on_this_machine = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    url.starts_with("https://") || on_this_machine.iter().any(|begin| url.starts_with(begin))
}
