//! What is told outside: how it stands, and sending again what nobody took. The sending itself is `notices::delivery`.

pub mod delivery;

use crate::app::{App, Caller};
use crate::problem::Problem;
use crate::store::{Change, Finished, Tx, outbox};
use domain::api::*;
use domain::id::NoticeId;

/// Dead notices that a page shows; sending some of them again makes room for the next.
const DEAD_SHOWN: u64 = 200;

pub async fn read(app: App, caller: Caller, _: ListNotices) -> Result<NoticesView, Problem> {
    caller.may(CallName::ListNotices)?;
    let tx = app.read().await?;
    view(&app, &tx, &caller).await
}

pub async fn send_again(
    app: App,
    caller: Caller,
    change: Change,
    call: SendNoticeAgain,
) -> Result<Finished<NoticesView>, Problem> {
    outbox::revive(&change, &caller.alliance, &call.id).await?;
    let view = view(&app, &change, &caller).await?;
    Ok(change.done(view))
}

async fn view(app: &App, tx: &Tx, caller: &Caller) -> Result<NoticesView, Problem> {
    let dead = outbox::dead(tx, &caller.alliance, DEAD_SHOWN).await?;
    let row = |dead: outbox::DeadRecord| NoticeView {
        id: NoticeId::new(dead.notice.id),
        event: dead.notice.kind,
        subject: dead.notice.subject,
        at_min: dead.notice.at_min,
        tries: dead.tries,
        failure: dead.failure,
    };
    Ok(NoticesView {
        has_receiver: app.config.receiver.is_some(),
        waiting: outbox::waiting(tx, &caller.alliance).await?,
        dead: dead.into_iter().map(row).collect(),
    })
}
