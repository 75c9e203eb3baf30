//! Words of the published timetable and of a thing's week.

phrases! {
    title: "实训课表", "Timetable";
    period: "节次", "Period";
    today: "今天", "today";
    pause: "休息", "Break";
    teaches_as(weekday: &str): "调休，按{weekday}上课", "Make-up day, runs as {weekday}";
    taken_by_other: "已排实训", "Training";
    units(name: &str, units: &str): "{name} {units} 号", "{name} no. {units}";
    free_and_busy(name: &str): "{name} 的一周：空闲、占用与停用", "The week of {name}: free, taken and closed";
    free: "空闲", "Free";
    taken: "已占用", "Taken";
    past: "已过", "Past";
    not_open: "不开放", "Not open";
    not_available: "没有空", "Not available";
    units_left(left: i64): "余 {left} 台", "{left} left";
    published: "已发布", "Published";
    version(version: i64): "第 {version} 版", "version {version}";
    not_published: "本周课表还没有发布", "This week's timetable is not published yet";
    not_published_why: "排课协调员审阅之后一次发布，所有单位同时看到。", "It is published at once after review; every organization sees it at the same moment.";
    nothing: "本周没有课次", "No lessons this week";
    nothing_why: "换一周，或换一个实训室、单位、导师、班级。", "Choose another week, room, organization, instructor or cohort.";
    by: "按", "By";
    by_room: "实训室", "Room";
    by_organization: "单位", "Organization";
    by_instructor: "导师", "Instructor";
    by_cohort: "班级", "Cohort";
    choose: "查看", "Show";
    which: "选择", "Which";
    week: "周次", "Week";
    earlier: "上一周", "Previous week";
    later: "下一周", "Next week";
    count(lessons: i64, hours: &str): "{lessons} 课次，{hours} 小时", "{lessons} lessons, {hours} h";
    print_hint: "按 Ctrl+P 打印为 A4 横版海报", "Press Ctrl+P for an A4 landscape poster";
    poster_rule: "以平台上最新的课表为准。", "The timetable on the platform is the one that counts.";
    all: "全部", "All";
    legend: "图例", "Legend";
}
