//! That a session is used, noted beside the request.

use crate::app::App;
use crate::store::sessions;
use std::collections::HashSet;
use std::sync::MutexGuard;

/// Notes the use of a session beside the request, once at a time: whoever reads holds a connection, so they wait for no
/// writer, and they are not kept from reading because nothing can be written.
pub fn touch(app: App, token_hash: String, now_ms: i64) {
    let Some(noting) = Noting::begun(&app, &token_hash) else {
        return;
    };
    tokio::spawn(async move {
        let _noting = noting;
        let touched = async {
            let change = app.work().await?;
            sessions::touch(&change, &token_hash, now_ms).await?;
            app.commit(change.done(())).await
        };
        if let Err(error) = touched.await {
            tracing::warn!(%error, "that a session is used could not be noted");
        }
    });
}

/// The use of one session is being noted, until this is dropped.
struct Noting {
    app: App,
    token_hash: String,
}

impl Noting {
    fn begun(app: &App, token_hash: &str) -> Option<Self> {
        let is_first = Self::all(app).insert(token_hash.to_owned());
        is_first.then(|| Self {
            app: app.clone(),
            token_hash: token_hash.to_owned(),
        })
    }

    fn all(app: &App) -> MutexGuard<'_, HashSet<String>> {
        app.noted.lock().expect("no holder panics")
    }
}

impl Drop for Noting {
    fn drop(&mut self) {
        Self::all(&self.app).remove(&self.token_hash);
    }
}
