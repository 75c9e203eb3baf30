//! Words of the public account of a week.

phrases! {
    title(week: &str): "{week}，谁申请、谁得到、谁用了", "{week}: who asked, who got, who used";
    head: "公平公示", "Fairness";
    lead: "任何人都可以看，任何人都可以重算。衡量公平的是单位，不是个人；这里没有姓名，也没有申请的事由。",
        "Anybody may read this and recompute it. Fairness is measured by organization, never by person; there are no names and no purposes here.";
    week: "周次", "Week";
    show: "查看", "Show";
    asked(members: usize): "申请，{members} 家单位", "asked by {members} members";
    granted: "授予", "granted";
    satisfied: "全部满足", "fully satisfied";
    members: "家", "members";
    hours: "小时", "h";
    level_min: "最低水平，每份权重", "lowest level, per weight";
    jain: "均等指数，1 为完全均等", "index of equality, 1 is equal";
    proved: "已证明", "Proved";
    proved_why: "没有方案能让最低者更多", "no plan gives the lowest more";
    not_proved: "未证明", "Not proved";
    not_proved_why: "到时停止，差距见下表", "stopped by time; the gap is below";
    water: "连通的水池", "Connected vessels";
    water_key: "池宽=权重，池底=此前多得的，池高=申请", "width = weight, floor = history, height = the ask";
    water_label(level: &str): "每家单位一个池子，水面到 {level} 小时的水位线；同样的数字在下面的表里", "One vessel a member, filled to the level of {level} hours; the table below holds the same figures";
    level_line: "水位", "Level";
    organization: "单位", "Member";
    weight: "权重", "Weight";
    own: "本单位", "yours";
    formula: "公平水平 =（此前多得或少得 + 本周授予）÷ 权重", "Level = (had more or less before + granted this week) ÷ weight";
    plain: "把可用的时间当作水，倒进底部相通的池子：水总是先补最低处，直到时间用完。申请少的池子先满（✓），剩下的水由其余单位分。",
        "Think of the available time as water poured into vessels joined at the bottom: it fills the lowest first until it is used up. Small asks are full first (✓); the others share the rest.";
    rule_1: "多报不会多得：申请只决定池子多高，不决定水位。", "Asking for more gives no more: the ask sets the height of the vessel, not of the water.";
    rule_2: "这周少得的记在账上，每 8 周减半；下周池底更低，先得。", "Who had less is owed: the debt halves every 8 weeks, and a lower floor is filled first.";
    rule_3: "停电、检修损失的时间补回账上；爽约的时间算已用。", "Time lost to outages is given back; time not turned up for counts as used.";
    table: "各单位", "By member";
    bars: "申请、授予与应得", "Asked, granted, claim";
    col_asked: "申请", "Asked";
    col_claim: "应得", "Claim";
    col_granted: "授予", "Granted";
    col_used: "实用", "Used";
    col_level: "水平", "Level";
    col_trend: "授予÷应得，近几周", "Granted ÷ claim, past weeks";
    col_result: "结果", "Result";
    full: "全部满足", "All granted";
    at_level: "到水位线", "At the level";
    nothing: "没有申请", "Did not ask";
    no_trend: "还没有", "none yet";
    unit_hours: "单位：小时", "in hours";
    stages: "求解阶段与证明", "Stages of the solver and their proof";
    col_stage: "阶段", "Stage";
    col_value: "得到", "Value";
    col_bound: "上界", "Bound";
    col_gap: "差距", "Gap";
    none: "还没有已发布的周", "No published week yet";
    none_why: "第一份课表发布之后，账目就在这里。", "The account appears with the first published timetable.";
}
