//! Words of the audit log.

use super::{Lang, words};

phrases! {
    title: "审计日志", "Audit log";
    lead: "谁在什么时候做了什么。只能追加，每一条都与前一条相扣；只记编号和代码，姓名不在其中。", "Who did what and when. It only grows, each entry is chained to the one before, and it holds ids and codes, no names.";
    head(seq: i64): "日志止于第 {seq} 条", "The log ends with entry {seq}";
    head_why: "把这一行抄到别处，日后可用 gongxun audit verify --noted 核对", "Note this line elsewhere; gongxun audit verify --noted compares it later";
    number: "序号", "Number";
    at: "时间", "Time";
    who: "操作者", "Who";
    event: "事件", "Event";
    any_event: "全部事件", "Every event";
    subject: "对象", "About";
    facts: "细节", "Details";
    filter: "筛选", "Filter";
    clear: "清除筛选", "Clear";
    newest: "回到最新", "Newest";
    older: "更早的记录", "Older entries";
    pages: "翻页", "Pages";
    none: "没有符合的记录", "No entries match";
    none_why: "换一个条件，或清除筛选。", "Change the filter, or clear it.";
    who_label: "操作者编号", "Person's id";
    subject_label: "对象编号", "Id of the thing";
    visitor: "访客", "Visitor";
    system: "系统", "The system";
}

/// An event by its word; one that this program does not know stands as it was written.
pub fn event_word(lang: Lang, word: &str) -> String {
    word.parse()
        .map_or_else(|_| word.to_owned(), |event| words::event(lang, event).to_owned())
}

/// A role by its word, `visitor` and `system` included.
pub fn role_word(lang: Lang, word: &str) -> String {
    match word {
        "visitor" => visitor(lang).to_owned(),
        "system" => system(lang).to_owned(),
        role => role
            .parse()
            .map_or_else(|_| role.to_owned(), |role| words::role(lang, role).to_owned()),
    }
}
