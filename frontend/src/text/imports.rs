//! Words of importing requests from a spreadsheet: the page, the template, and every fault.

use super::violation::{self, Words};
use super::{Lang, words};
use domain::api::NameBook;
use domain::sheet::{CELL_CHARS_MAX, FAULTS_MAX, Fault, FaultCode, Field, ROWS_MAX};

phrases! {
    title: "从表格导入申请", "Import requests from a spreadsheet";
    lead: "填好表格，先预览每一行怎样理解、哪里不符，再一次全部导入。有一处不符，就一行也不导入。", "Fill in a spreadsheet, look at how each row is understood and what is wrong, then import all of it at once. While anything is wrong, no row is imported.";
    link: "从表格导入", "Import a spreadsheet";
    back: "全部申请", "All requests";
    step_template: "1. 下载模板", "1. Take the template";
    template_why: "第一行是标题；以 # 开头的行是说明，导入时略过。第二张表列出可以填写的名称。", "The first row holds the headings; rows that begin with # are notes and passed over. The second sheet lists the names that cells may hold.";
    template_xlsx: "Excel 模板（.xlsx）", "Excel template (.xlsx)";
    template_csv: "文本模板（.csv）", "Text template (.csv)";
    step_file: "2. 选择填好的表格", "2. Choose the filled-in spreadsheet";
    file: "表格文件（.xlsx 或 .csv）", "Spreadsheet (.xlsx or .csv)";
    file_hint(rows: usize): "不超过 5 MB、{rows} 行；.csv 可用 UTF-8 或 GBK。", "At most 5 MB and {rows} rows; .csv in UTF-8 or GBK.";
    round: "轮次", "Round";
    preview: "预览", "Preview";
    preview_why: "预览不保存任何内容。", "A preview saves nothing.";
    no_round: "现在没有收集申请的轮次", "No round takes requests now";
    no_round_why: "下一轮开始收集后再来导入。", "Come back when the next round collects.";
    save_as: "请存为 .xlsx 或 .csv 再选一次；旧的 .xls 和加密的工作簿读不了。", "Save it as .xlsx or .csv and choose it again; old .xls files and encrypted workbooks cannot be read.";
    too_large: "表格解开后太大，或行列太多。请删去无关的内容，或分成几份导入。", "It unpacks to too much, or has too many rows or columns. Remove what does not belong, or import it in parts.";
    not_previewed: "文件与预览时不同，没有导入。请重新预览。", "The file is not the one that was previewed; nothing was imported. Preview it again.";

    found_title: "预览", "Preview";
    rows(n: usize): "{n} 行", "rows: {n}";
    rows_label: "份申请", "requests";
    lessons_label: "课次", "lessons";
    hours_label: "小时", "hours";
    faults_label: "处不符", "faults";
    clean: "每一行都符合规则，可以导入。", "Every row keeps the rules and can be imported.";
    broken(n: i64): "有 {n} 处不符，一行也没有导入。请在表格里改好，再选一次。", "There are {n} faults, and no row was imported. Mend them in the spreadsheet and choose it again.";
    barred: "现在不能申请：", "Nothing can be asked for now: ";
    faults: "不符之处", "Faults";
    faults_more(n: i64): "另有 {n} 处没有列出；改好上面的，再预览一次。", "{n} more are not listed; mend these and preview again.";
    place: "位置", "Where";
    place_of(column: &str, row: i64): "第 {row} 行 {column} 列", "Row {row}, column {column}";
    wrong: "不符", "What is wrong";
    mend: "怎样改", "What mends it";
    needs: "其他要求", "Also asked for";
    nothing_else: "无", "nothing";
    understood: "各行的理解", "How the rows are understood";
    row: "行", "Row";
    same_as(reference: &str): "与 {reference} 完全相同", "the same as {reference}";
    sames(n: usize): "{n} 行与本轮已有的申请完全相同；重复导入会多出一份。", "{n} rows are the very same as requests of this round; importing them makes another one of each.";
    rows_more(n: usize): "后面还有 {n} 行，没有列出。", "{n} more rows are not listed.";
    to_become: "导入为", "Import as";
    as_submitted: "直接提交，参加本轮排课", "submitted: they take part in this round";
    as_drafts: "草稿，逐份查看后再提交", "drafts: to be looked at and submitted one by one";
    import_now(n: usize): "导入 {n} 行", "Import {n} rows";
    another: "换一份表格", "Choose another spreadsheet";
    done: "已全部导入。", "All of it was imported.";

    sheet: "实训申请", "Requests";
    names_sheet: "可填的名称", "Names";
    file_name: "实训申请", "training-requests";
}

/// What a column takes, for the template's row of notes.
#[rustfmt::skip]
pub fn hint(lang: Lang, field: Field) -> &'static str {
    match field {
        Field::Purpose => lang.pick("一句话；以 # 开头的行不导入", "One sentence; rows that begin with # are not imported"),
        Field::Cohorts => lang.pick("本单位班级，多个用；隔开", "Your own cohorts, several with ; between them"),
        Field::Headcount => lang.pick("不超过所选班级的人数", "At most the people of the cohorts"),
        Field::Lessons => lang.pick("本周几次，空为 1", "How many this week; empty is 1"),
        Field::Minutes => lang.pick("空为 100（两节）", "Empty is 100 (two periods)"),
        Field::Windows => lang.pick("周一 08:00-11:40；周三至周五 1-4节", "Mon 08:00-11:40; Wed-Fri periods 1-4"),
        Field::PreferredWindows => lang.pick("写法同左，优先安排", "The same way; placed there if possible"),
        Field::Tier => lang.pick("1 最先，空为 2", "1 comes first; empty is 2"),
        Field::PerDayMax => lang.pick("空为 1；不限写“不限”", "Empty is 1; or: no limit"),
        Field::DaysBetweenMin => lang.pick("空为 0，可连着两天", "Empty is 0: days in a row are fine"),
        Field::AllOrNothing => lang.pick("是或否，空为否", "yes or no; empty is no"),
        Field::Rooms => lang.pick("按喜好，用；隔开；空为任何合适的", "In order of preference, ; between; empty takes any"),
        Field::Features => lang.pick("实训室须具备的，用；隔开", "What the room must offer, ; between"),
        Field::Equipment => lang.pick("名称×台数，用；隔开", "Name×units, ; between"),
        Field::Instructors => lang.pick("需要几位，空为 0（自带）", "How many; empty is 0 (your own)"),
        Field::Skills => lang.pick("名称×等级（1–5），用；隔开", "Name×level (1 to 5), ; between"),
        Field::WantedInstructors => lang.pick("按喜好，用；隔开", "In order of preference, ; between"),
    }
}

/// A heading as this reader knows it.
pub fn heading_of(lang: Lang, field: Field) -> &'static str {
    let [zh, en] = field.headings();
    lang.pick(zh, en)
}

/// A fault: what it is, what stands there, and what mends it.
pub fn fault(lang: Lang, fault: &Fault, names: &NameBook) -> Words {
    if let Some(broken) = &fault.violation {
        return violation::violation(lang, broken, names);
    }
    let (title, detail, remedy) = unread(lang, fault);
    Words {
        title: title.into(),
        detail,
        remedy: remedy.into(),
    }
}

#[rustfmt::skip]
fn unread(lang: Lang, fault: &Fault) -> (&'static str, String, &'static str) {
    use FaultCode::*;
    let text = &fault.text;
    let heading = fault.field.map(|field| heading_of(lang, field)).unwrap_or_default();
    let says = |zh: String, en: String| lang.pick(zh, en);
    match fault.code {
        HeadingMissing => (lang.pick("缺少一列", "A column is missing"), says(format!("没有“{heading}”这一列。"), format!("There is no column “{heading}”.")), lang.pick("按模板补上标题", "Add the heading as in the template")),
        HeadingUnknown => (lang.pick("不认识的标题", "Unknown heading"), says(format!("“{text}”不是模板里的标题。"), format!("“{text}” is no heading of the template.")), lang.pick("改成模板的标题，或在标题前加 #", "Use the template's heading, or put # before it")),
        HeadingTwice => (lang.pick("标题重复", "A heading stands twice"), says(format!("“{text}”出现了不止一次。"), format!("“{text}” stands more than once.")), lang.pick("去掉多余的一列", "Remove the second column")),
        RowsMissing => (lang.pick("没有可导入的行", "No row to import"), says("标题下面没有内容，或都是以 # 开头的说明。".into(), "Below the headings there is nothing, or only notes that begin with #.".into()), lang.pick("在标题下面填写申请", "Write requests below the headings")),
        RowsTooMany => (lang.pick("行数太多", "Too many rows"), says(format!("一次最多 {ROWS_MAX} 行，从这一行起没有读。"), format!("At most {ROWS_MAX} rows at once; from this one on nothing was read.")), lang.pick("分成几份导入", "Import it in parts")),
        CellTooLong => (lang.pick("单元格太长", "The cell is too long"), says(format!("最多 {CELL_CHARS_MAX} 个字。"), format!("At most {CELL_CHARS_MAX} characters.")), lang.pick("缩短，或检查引号是否成对", "Shorten it, or look for a quote without its pair")),
        ListTooLong => (lang.pick("一格里的项太多", "Too many entries in a cell"), says(format!("最多 {text} 项。"), format!("At most {text} entries.")), lang.pick("减少几项", "Use fewer")),
        NumberUnreadable => (lang.pick("不是整数", "Not a whole number"), says(format!("“{text}”读不成整数。"), format!("“{text}” is no whole number.")), lang.pick("只写数字", "Write digits alone")),
        ChoiceUnreadable => (lang.pick("不是“是”或“否”", "Neither yes nor no"), says(format!("“{text}”读不懂。"), format!("“{text}” is not understood.")), lang.pick("写“是”或“否”", "Write yes or no")),
        TimeUnreadable => (lang.pick("时段读不懂", "The time is not understood"), says(format!("“{text}”不是“周一 08:00-11:40”或“周一 1-4节”这样的时段。"), format!("“{text}” is no time like “Mon 08:00-11:40” or “Mon periods 1-4”.")), lang.pick("按样式改写，多段用；隔开", "Write it like that, several with ; between them")),
        NameUnknown => (lang.pick("没有这个名称", "Unknown name"), says(format!("“{heading}”里没有叫“{text}”的。"), format!("“{heading}” knows nothing called “{text}”.")), lang.pick("照模板第二张表填写", "Use a name of the template's second sheet")),
        NameAmbiguous => (lang.pick("名称不止一个", "Several have this name"), says(format!("有几项都叫“{text}”。"), format!("Several are called “{text}”.")), lang.pick("改填模板第二张表里的编号", "Use the id of the template's second sheet")),
        RuleBroken => (lang.pick("有规则不符", "A rule is broken"), words::field(lang, text), lang.pick("按规则修改", "Change it to the rule")),
    }
}

/// Whether more faults were found than are listed.
pub fn not_listed(total: i64) -> Option<i64> {
    Some(total - FAULTS_MAX as i64).filter(|more| *more > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::names;
    use strum::VariantArray;

    #[test]
    fn every_fault_and_every_column_has_words_in_both_languages() {
        for code in FaultCode::VARIANTS {
            let one = Fault {
                row: 7,
                column: "C".into(),
                field: Some(Field::Cohorts),
                code: *code,
                text: "x".into(),
                violation: None,
            };
            let (zh, en) = (
                fault(Lang::Zh, &one, &names::nobody()),
                fault(Lang::En, &one, &names::nobody()),
            );
            assert!(
                !zh.title.is_ascii() && !zh.remedy.is_ascii() && zh.title != en.title,
                "{code:?}"
            );
            assert!(
                en.title.is_ascii() && !en.detail.is_empty() && en.remedy.is_ascii(),
                "{code:?}"
            );
        }
        for field in Field::VARIANTS {
            assert!(hint(Lang::Zh, *field) != hint(Lang::En, *field), "{field:?}");
        }
    }
}
