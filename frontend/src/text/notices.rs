//! Words of what is told outside.

use super::Lang;

phrases! {
    title: "对外通知", "Notices";
    lead: "联盟里发生的每一件事，都会告知所设的接收方；收到之前一直重试。", "Everything that happens in the alliance is told to the receiver that is set, again and again until it is taken.";
    no_receiver: "没有设置接收方：通知留在这里，不会发出。由系统管理员在启动参数 --webhook-url 中设置。", "No receiver is set: notices stay here and nothing goes out. A system admin sets one by the flag --webhook-url.";
    waiting(count: i64): "{count} 条在等待发送", "{count} waiting to be sent";
    dead: "多次发送都没有送达", "Tried many times, taken by nobody";
    none: "没有送不出去的通知", "No notice was left behind";
    none_why: "多次重试仍无人接收的通知会列在这里。", "What nobody takes after many tries is listed here.";
    event: "事件", "Event";
    subject: "对象", "About";
    tries: "次数", "Tries";
    failure: "最后一次的结果", "Last result";
    at: "时间", "Time";
    again: "重新发送", "Send again";
    again_of(subject: &str): "重新发送：{subject}", "Send again: {subject}";
    sent: "已放回队列，马上重新发送。", "Put back; it is sent again at once.";
    no_answer: "没有及时回应", "No answer in time";
    no_connection: "连不上", "No connection";
    status(code: &str): "回应状态 {code}", "Answered with status {code}";
}

/// Why a notice failed, by the word that the server keeps.
pub fn failure_words(lang: Lang, kept: &str) -> String {
    match (kept, kept.strip_prefix("status ")) {
        (_, Some(code)) => status(lang, code),
        ("no answer in time", _) => no_answer(lang).to_owned(),
        ("no connection", _) => no_connection(lang).to_owned(),
        (other, _) => other.to_owned(),
    }
}
