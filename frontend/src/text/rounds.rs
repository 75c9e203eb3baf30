//! Words of the list of rounds.

phrases! {
    title: "排课轮次", "Scheduling rounds";
    week: "周次", "Week";
    state: "状态", "State";
    cut_off: "截止", "Cut-off";
    submitted: "申请", "Requests";
    drafts: "草稿", "Drafts";
    open_board: "打开看板", "Open the board";
    see_timetable: "看课表", "Timetable";
    none: "还没有轮次", "No rounds yet";
    none_why: "系统管理员开设学期后，每周一轮会列在这里。", "Once a term is set up, each week's round is listed here.";
}
