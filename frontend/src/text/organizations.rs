//! Words of the page of members.

phrases! {
    title: "成员单位", "Members";
    lead: "接纳、暂停和退出。暂停期间不能申请；以往的记录始终可查。", "Admitted, suspended, left. Who is suspended asks for nothing; the past stays readable.";
    member: "单位", "Member";
    kind: "类别", "Kind";
    standing: "状态", "Standing";
    people: "人员", "People";
    count(n: i64): "{n} 人", "{n}";
    until(when: &str): "至 {when}", "until {when}";
    story: "历次变化", "Story";
    reason: "原因", "Reason";
    end: "恢复申请的日期", "First day it may ask again";
    change: "更改状态", "Change its standing";
    suspend: "暂停", "Suspend";
    lift: "提前恢复", "Lift the suspension";
    leave: "退出联盟", "Let it leave";
    readmit: "重新接纳", "Readmit";
    admit: "接纳新单位", "Admit a member";
    name: "名称", "Name in Chinese";
    name_en: "英文名称", "Name in English";
    seal: "印章（两个字）", "Seal (two characters)";
    weight: "权重", "Weight";
    admit_now: "接纳", "Admit";
    saved: "已保存。", "Saved.";
    see_people: "查看人员", "See its people";
}
