//! Words of the home page: what waits for whom.

phrases! {
    greeting(name: &str): "{name}，您好", "Hello, {name}";
    waiting: "等您处理", "Waiting for you";
    nothing: "现在没有事情等您", "Nothing waits for you";
    nothing_why: "新的一轮开始、结果发布或申请退回时，会出现在这里。", "It appears here when a round opens, a result is published or a request comes back.";
    next: "接下来的课次", "Your next lessons";
    no_next: "还没有已发布的课次", "No published lessons yet";
    no_next_why: "课表发布后，接下来的课次、地点和导师会列在这里。", "After publishing, your lessons with place and instructor are listed here.";
    this_round: "本轮", "This round";
    until_cut_off: "距截止", "Until the cut-off";
    cut_off: "截止", "Cut-off";
    cut_off_passed: "已截止", "Closed";
    submitted(n: i64): "{n} 项申请", "{n} requests";
    drafts(n: i64): "{n} 份草稿", "{n} drafts";
    ask: "申请实训时间", "Ask for time";
    finish: "写完草稿", "Finish the draft";
    finish_why(when: &str): "截止 {when}，过期作废", "Expires at the cut-off, {when}";
    answer: "修改退回的申请", "Answer the returned request";
    ask_why(week: &str, when: &str): "{week}正在收集，截止 {when}", "{week} is collecting until {when}";
    read: "查看结果", "Read the result";
    close: "截止本轮", "Close the round";
    close_why(week: &str, n: i64): "{week}：{n} 项申请", "{week}: {n} requests";
    solve: "求解排课方案", "Run the solver";
    review: "审阅方案", "Review the plan";
    review_why(week: &str, n: i64): "{week}：{n} 课次未排入", "{week}: {n} lessons unplaced";
    approve: "批准方案", "Approve the plan";
    approve_why(week: &str): "{week}：需要第二双眼睛", "{week}: a second pair of eyes is needed";
    go_open: "打开", "Open";
    draft_without_purpose: "未写实训内容", "No purpose yet";
    welcome: "一座城市的院校与企业，共用一池实训室、设备和导师", "A city's schools and enterprises share one pool of rooms, equipment and instructors";
    welcome_lead: "每周提出申请，由求解器起草公平的课表，协调员审阅发布，所有人照此实训。", "Each week they ask for time; a solver drafts a fair timetable, coordinators approve it, and everybody trains by it.";
    see_timetable: "看本周课表", "This week's timetable";
    timetable_why: "已发布的课次：时间、实训室、单位。", "Published lessons: time, room, organization.";
    catalog_why: "基地、实训室、设备的条件与开放时间。", "Bases, rooms and equipment with features and opening hours.";
    instructors_why: "按行业和技能选聘导师。", "Instructors by trade and skill.";
    fairness_why: "谁申请、谁得到、谁用了，公式和数字都在。", "Who asked, got and used; formula and figures included.";
}
