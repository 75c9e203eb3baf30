//! Words about what is kept about a person: the phone, the file with everything, and being erased.

phrases! {
    phone: "电话", "Phone";
    phone_why: "排课有变时好找到您。在各处只显示头尾几位；谁看过完整号码，审计日志都有记录。", "So that you can be reached when a lesson changes. Everywhere its middle is hidden; who saw it in full stands in the audit log.";
    phone_of_why: "在各处只显示头尾几位；看完整号码会记入审计日志。", "Everywhere its middle is hidden; seeing it in full is noted in the audit log.";
    none: "没有留电话。", "No phone is kept.";
    kept(masked: &str): "现在是 {masked}", "It is {masked}";
    new_phone: "新号码（留空即删除）", "New number (empty takes it away)";
    set: "保存", "Save";
    reveal: "显示完整号码", "Show it in full";
    number: "完整号码", "The number in full";
    number_why: "只显示这一次，已记入审计日志。", "Shown this once; the audit log notes it.";
    saved: "电话已保存。", "The phone is saved.";
    export: "我的数据", "My data";
    export_why: "系统里与您有关的全部内容，一个 JSON 文件：账号、电话、角色、登录、申请、审计日志等；不含密码之类的秘密。", "Everything that is kept about you in one JSON file: login, phone, roles, sessions, requests, the audit log and more; no passwords or other secrets.";
    export_get: "下载", "Download";
    erase: "注销并抹去", "Erase";
    erase_hint: "把姓名、账号、电话从系统中永久抹去，以往的记录改记在编号之下。", "Takes name, login and phone out of the system for good; what was done is told of a number.";
    erase_go: "注销并抹去…", "Erase…";
    erase_title(who: &str): "注销并抹去 {who}", "Erase {who}";
    goes: "从此没有", "What goes";
    goes_who: "姓名、账号、电话、密码、第二道验证、绑定的统一身份", "Name, login, phone, password, second factor, linked identity";
    goes_roles: "在各单位的角色，登录中的设备，最近的登录尝试", "Roles in every organization, open sessions, recent tries to sign in";
    goes_pool: "在产业导师库中的姓名，如果有", "The name in the pool of instructors, if there is one";
    stays: "仍然留下", "What stays";
    stays_history: "申请、方案、审计日志照常可读，写作“已注销人员”加编号", "Requests, plans and the audit log, told of an erased person with a number";
    stays_texts: "别人在说明和备注里亲手写下的字", "What others typed into purposes and notes by hand";
    stays_backups: "以前的备份，直到它们到期删除", "Backups that were taken before, until they are deleted";
    erase_open(n: usize): "此人还有 {n} 份正在进行的申请：先移交，否则没有人可以联系。", "{n} requests of this person are under way: hand them over first, or there is nobody to ask.";
    erase_final: "注销之后不能恢复。", "There is no way back.";
    erase_yes: "我明白，永久抹去", "I understand: erase for good";
    erase_no: "不注销", "Do not erase";
}
