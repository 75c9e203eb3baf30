//! The round's page in words: its life, its requests, its plans, and what a coordinator does there.

phrases! {
    life: "本轮进展", "Life of the round";
    step_open: "收集", "Collect";
    step_closed: "截止", "Close";
    step_planning: "求解", "Solve";
    step_review: "审阅", "Review";
    step_published: "发布", "Publish";
    cut_off(stamp: String): "截止 {stamp}", "Cut-off {stamp}";
    left(length: String): "还有 {length}", "{length} left";
    asked_hours: "申请小时", "hours asked";
    submitted: "份已提交", "submitted";
    drafts: "份草稿", "drafts";
    returned: "份已退回", "returned";
    four_eyes: "发布前须由另一位协调员批准", "Another coordinator approves before publishing";

    close: "停止收集…", "Close the round…";
    close_title: "停止收集申请？", "Close the round?";
    close_says(drafts: i64): "{drafts} 份没有提交的草稿随之过期；没有方案之前可以重新开放。", "{drafts} drafts that were not submitted expire; the round can be reopened while there is no plan.";
    close_yes: "停止收集", "Close";
    reopen: "重新开放", "Reopen";
    no: "取消", "Cancel";
    open_board: "看板", "Board";

    plans: "方案", "Plans";
    no_plans: "还没有方案。截止之后开始求解。", "No plan yet. Close the round, then start the solver.";
    plan: "方案", "Plan";
    placed: "排入", "Placed";
    unplaced: "未排入", "Unplaced";
    granted: "小时", "Hours";
    level: "最低水平", "Lowest level";
    jain: "均衡", "Jain";
    pinned: "锁定", "Pinned";
    made(stamp: String): "{stamp} 生成", "made {stamp}";
    edited: "手工改过", "edited by hand";
    published: "已发布", "Published";
    approved: "已批准", "Approved";
    approve: "批准", "Approve";
    discard: "丢弃…", "Discard…";
    discard_title: "丢弃这个方案？", "Discard this plan?";
    discard_says: "方案和其中的锁定都不能恢复。", "The plan and its pins cannot be brought back.";
    discard_yes: "丢弃", "Discard";
    publish: "发布…", "Publish…";
    publish_title(label: String): "发布 {label}？", "Publish {label}?";
    publish_says(placed: i64, unplaced: i64): "所有单位同一时刻看到 {placed} 课次；{unplaced} 课次告知原因与替代。发布后不能悄悄改动。", "Every member sees {placed} lessons at the same moment; {unplaced} are told reasons and alternatives. Nothing can be changed quietly afterwards.";
    publish_yes: "确认发布", "Yes, publish";

    left_out: "不参加排课的单位", "Left out of planning";
    left_out_n(n: i64): "{n} 份申请", "{n} requests";

    requests: "申请", "Requests";
    requests_shown(shown: usize, all: usize): "{shown} / {all} 份", "{shown} of {all}";
    no_requests: "没有符合筛选的申请。", "No request matches the filters.";
    reference: "编号", "Reference";
    purpose: "实训内容", "Purpose";
    organization: "单位", "Member";
    state: "状态", "State";
    amount: "课次", "Lessons";
    people: "人数", "People";
    lessons_of(lessons: i64, minutes: i64): "{lessons} × {minutes} 分钟", "{lessons} × {minutes} min";
    granted_of(granted: i64, lessons: i64): "排入 {granted} / {lessons}", "{granted} of {lessons} placed";
    all: "全部", "All";
    text: "编号或内容", "Reference or purpose";
    filter: "筛选", "Filter";
    give_back: "退回", "Return";
    note: "退回说明", "Note";
    note_hint: "写给申请人：要改什么。", "For the requester: what to change.";
    note_needed: "请写明要改什么。", "Please say what to change.";
    give_back_yes: "退回给申请人", "Return it";
}
