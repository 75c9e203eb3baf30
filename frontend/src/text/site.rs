//! The frame's words: product, navigation, language switch, foot.

phrases! {
    product: "共训", "Gongxun";
    skip: "跳到正文", "Skip to content";
    main_nav: "主导航", "Main";
    menu: "菜单", "Menu";
    home: "首页", "Home";
    board: "排课", "Scheduling";
    requests: "实训申请", "Requests";
    catalog: "资源目录", "Catalog";
    instructors: "产业导师", "Instructors";
    fairness: "公平公示", "Fairness";
    timetable: "课表", "Timetable";
    people: "人员", "People";
    organizations: "成员单位", "Members";
    audit: "审计日志", "Audit log";
    notices: "对外通知", "Notices";
    sign_in: "登录", "Sign in";
    sign_out: "退出", "Sign out";
    switch_language: "English", "中文";
    switch_language_short: "EN", "中";
    foot_promise: "衡量公平的是单位，不是个人", "Fairness is measured by organization, never by person";
    foot_open: "课表与公平账本公开可查", "Timetable and fairness ledger are open to everybody";
    quote(id: &str): "报修时请提供编号 {id}", "Quote {id} when you report this";
    dates: "日期", "Dates";
    actions: "操作", "Actions";
    sep: "·", " · ";
}
