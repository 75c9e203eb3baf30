//! The words of every enum of the domain, through exhaustive matches.

use super::{Lang, board, time};
use domain::catalog::BaseKind;
use domain::event::Event;
use domain::people::{CohortKind, InstructorKind, OrganizationKind, Role};
use domain::plan::Status;
use domain::request::{RequestAction, RequestState};
use domain::round::{RoundAction, RoundState};
use domain::standing::StandingState;
use domain::time::DayPart;

pub fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Requester => lang.pick("申请教师", "Requester"),
        Role::OrganizationAdmin => lang.pick("单位管理员", "Organization admin"),
        Role::Instructor => lang.pick("产业导师", "Instructor"),
        Role::Coordinator => lang.pick("排课协调员", "Coordinator"),
        Role::Auditor => lang.pick("审计员", "Auditor"),
        Role::SystemAdmin => lang.pick("系统管理员", "System admin"),
    }
}

/// What has happened, as a column of the audit log says it.
pub fn event(lang: Lang, event: Event) -> &'static str {
    match event {
        Event::SessionOpened => lang.pick("登录", "Signed in"),
        Event::SessionClosed => lang.pick("退出", "Signed out"),
        Event::SessionEnded => lang.pick("让设备退出", "Session ended"),
        Event::PersonInvited => lang.pick("邀请人员", "Person invited"),
        Event::PersonJoined => lang.pick("人员加入", "Person joined"),
        Event::InvitationRevoked => lang.pick("收回邀请", "Invitation revoked"),
        Event::MembershipTaken => lang.pick("加入另一单位", "One more membership"),
        Event::ActedFor => lang.pick("切换所代表的单位", "Acts for another"),
        Event::RoleSet => lang.pick("设定角色", "Role set"),
        Event::RoleTaken => lang.pick("收回角色", "Role taken"),
        Event::PersonDeactivated => lang.pick("停用人员", "Person deactivated"),
        Event::PersonReactivated => lang.pick("恢复人员", "Person reactivated"),
        Event::PhoneSet => lang.pick("登记电话", "Phone set"),
        Event::PhoneRevealed => lang.pick("查看完整电话", "Phone shown in full"),
        Event::PersonExported => lang.pick("导出个人数据", "Personal data exported"),
        Event::PersonErased => lang.pick("注销并抹去人员", "Person erased"),
        Event::SecondFactorRuleSet => lang.pick("设定第二道验证的要求", "Second factor rule set"),
        Event::IdentityLinked => lang.pick("绑定统一身份", "Identity linked"),
        Event::IdentityUnlinked => lang.pick("解除统一身份绑定", "Identity unlinked"),
        Event::SecondFactorForgotten => lang.pick("由命令行取消第二道验证", "Second factor forgotten"),
        Event::SecretsSealed => lang.pick("用新的密钥重新加密", "Secrets sealed anew"),
        Event::OrganizationAdmitted => lang.pick("接纳单位", "Organization admitted"),
        Event::OrganizationSuspended => lang.pick("暂停单位", "Organization suspended"),
        Event::SuspensionLifted => lang.pick("提前恢复单位", "Suspension lifted"),
        Event::OrganizationLeft => lang.pick("单位退出", "Organization left"),
        Event::OrganizationReadmitted => lang.pick("重新接纳单位", "Organization readmitted"),
        Event::OwnPhoneSet => lang.pick("登记本人电话", "Own phone set"),
        Event::PasswordChanged => lang.pick("修改密码", "Password changed"),
        Event::SecondFactorStarted => lang.pick("领取第二道验证的密钥", "Secret of a second factor shown"),
        Event::SecondFactorSet => lang.pick("开启第二道验证", "Second factor turned on"),
        Event::SecondFactorEnded => lang.pick("关闭第二道验证", "Second factor turned off"),
        Event::RecoveryCodeSpent => lang.pick("使用恢复码", "Recovery code used"),
        Event::TriesUsedUp => lang.pick("登录尝试次数用尽", "Sign-in tries used up"),
        Event::RequestDrafted => lang.pick("保存申请草稿", "Draft saved"),
        Event::RequestSubmitted => lang.pick("提交申请", "Request submitted"),
        Event::RequestAmended => lang.pick("修改申请", "Request amended"),
        Event::RequestWithdrawn => lang.pick("撤回申请", "Request withdrawn"),
        Event::RequestsImported => lang.pick("导入申请", "Requests imported"),
        Event::RequestReturned => lang.pick("退回申请", "Request returned"),
        Event::RequestHandedOver => lang.pick("移交申请", "Request handed over"),
        Event::RoundClosed => lang.pick("截止收件", "Round closed"),
        Event::RoundReopened => lang.pick("重新收件", "Round reopened"),
        Event::RunStarted => lang.pick("开始求解", "Solver started"),
        Event::RunStopped => lang.pick("停止求解", "Solver stopped"),
        Event::RunFailed => lang.pick("求解失败", "Solver failed"),
        Event::PlanDrafted => lang.pick("生成方案", "Plan drafted"),
        Event::LessonMoved => lang.pick("移动课次", "Lesson moved"),
        Event::LessonPinned => lang.pick("锁定或放开课次", "Lesson pinned or released"),
        Event::LessonRemoved => lang.pick("移出课次", "Lesson removed"),
        Event::PlanApproved => lang.pick("批准方案", "Plan approved"),
        Event::PlanDiscarded => lang.pick("丢弃方案", "Plan discarded"),
        Event::TimetablePublished => lang.pick("发布课表", "Timetable published"),
        Event::LessonHandedOver => lang.pick("更换授课人", "Lesson handed over"),
        Event::NoticeSentAgain => lang.pick("重新发送通知", "Notice sent again"),
    }
}

pub fn standing(lang: Lang, state: StandingState) -> &'static str {
    match state {
        StandingState::Good => lang.pick("正常", "In good standing"),
        StandingState::Suspended => lang.pick("已暂停", "Suspended"),
        StandingState::Left => lang.pick("已退出", "Left"),
    }
}

pub fn organization_kind(lang: Lang, kind: OrganizationKind) -> &'static str {
    match kind {
        OrganizationKind::School => lang.pick("院校", "School"),
        OrganizationKind::Enterprise => lang.pick("企业", "Enterprise"),
        OrganizationKind::Association => lang.pick("协会", "Association"),
        OrganizationKind::Government => lang.pick("政府机构", "Government body"),
    }
}

pub fn base_kind(lang: Lang, kind: BaseKind) -> &'static str {
    match kind {
        BaseKind::Public => lang.pick("公共实训基地", "Public base"),
        BaseKind::School => lang.pick("院校实训基地", "School base"),
        BaseKind::PlantInSchool => lang.pick("校中厂", "Plant in a school"),
        BaseKind::SchoolInPlant => lang.pick("厂中校", "School in a plant"),
    }
}

pub fn instructor_kind(lang: Lang, kind: InstructorKind) -> &'static str {
    match kind {
        InstructorKind::Engineer => lang.pick("企业工程师", "Engineer"),
        InstructorKind::Researcher => lang.pick("科研人员", "Researcher"),
        InstructorKind::HeritageMaster => lang.pick("非遗传承人", "Heritage master"),
        InstructorKind::DualQualified => lang.pick("双师型教师", "Dual-qualified teacher"),
    }
}

pub fn cohort_kind(lang: Lang, kind: CohortKind) -> &'static str {
    match kind {
        CohortKind::Students => lang.pick("在校学生", "Students"),
        CohortKind::Staff => lang.pick("在职人员", "Staff"),
        CohortKind::JobSeekers => lang.pick("待业群体", "Job seekers"),
        CohortKind::OrderClass => lang.pick("订单班", "Order class"),
        CohortKind::Apprentices => lang.pick("学徒", "Apprentices"),
    }
}

pub fn request_state(lang: Lang, state: RequestState) -> &'static str {
    match state {
        RequestState::Draft => lang.pick("草稿", "Draft"),
        RequestState::Submitted => lang.pick("已提交", "Submitted"),
        RequestState::Returned => lang.pick("已退回修改", "Returned"),
        RequestState::Proposed => lang.pick("排课中", "Proposed"),
        RequestState::Confirmed => lang.pick("已排入", "Confirmed"),
        RequestState::PartlyConfirmed => lang.pick("部分排入", "Partly confirmed"),
        RequestState::NotGranted => lang.pick("未排入", "Not granted"),
        RequestState::Completed => lang.pick("已完成", "Completed"),
        RequestState::Withdrawn => lang.pick("已撤回", "Withdrawn"),
        RequestState::Cancelled => lang.pick("已取消", "Cancelled"),
        RequestState::Rejected => lang.pick("已驳回", "Rejected"),
        RequestState::Expired => lang.pick("已过期", "Expired"),
    }
}

pub fn request_action(lang: Lang, action: RequestAction) -> &'static str {
    match action {
        RequestAction::Submit => lang.pick("提交", "submit"),
        RequestAction::Amend => lang.pick("修改", "amend"),
        RequestAction::Withdraw => lang.pick("撤回", "withdraw"),
        RequestAction::Return => lang.pick("退回", "return"),
        RequestAction::Reject => lang.pick("驳回", "reject"),
        RequestAction::Propose => lang.pick("排课", "propose"),
        RequestAction::Confirm => lang.pick("排入", "confirm"),
        RequestAction::ConfirmPartly => lang.pick("部分排入", "confirm partly"),
        RequestAction::Refuse => lang.pick("不排入", "refuse"),
        RequestAction::Expire => lang.pick("过期", "expire"),
        RequestAction::Cancel => lang.pick("取消", "cancel"),
        RequestAction::Complete => lang.pick("完成", "complete"),
    }
}

pub fn round_state(lang: Lang, state: RoundState) -> &'static str {
    match state {
        RoundState::Open => lang.pick("收集申请", "Open"),
        RoundState::Closed => lang.pick("已截止", "Closed"),
        RoundState::Planning => lang.pick("求解中", "Planning"),
        RoundState::Review => lang.pick("审阅中", "In review"),
        RoundState::Published => lang.pick("已发布", "Published"),
        RoundState::Running => lang.pick("执行中", "Running"),
        RoundState::Settled => lang.pick("已结算", "Settled"),
    }
}

pub fn round_action(lang: Lang, action: RoundAction) -> &'static str {
    match action {
        RoundAction::Close => lang.pick("截止", "close"),
        RoundAction::Reopen => lang.pick("重新开放", "reopen"),
        RoundAction::Plan => lang.pick("求解", "plan"),
        RoundAction::Abandon => lang.pick("放弃求解", "abandon"),
        RoundAction::Forget => lang.pick("丢弃方案", "discard its plan"),
        RoundAction::Review => lang.pick("审阅", "review"),
        RoundAction::Publish => lang.pick("发布", "publish"),
        RoundAction::Start => lang.pick("开始执行", "start"),
        RoundAction::Settle => lang.pick("结算", "settle"),
    }
}

pub fn plan_status(lang: Lang, status: Status) -> &'static str {
    match status {
        Status::Optimal => lang.pick("已证明最优", "Proved optimal"),
        Status::Feasible => lang.pick("可行，未证明", "Feasible, not proved"),
    }
}

pub fn day_part(lang: Lang, part: DayPart) -> &'static str {
    match part {
        DayPart::Morning => lang.pick("上午", "Morning"),
        DayPart::Afternoon => lang.pick("下午", "Afternoon"),
        DayPart::Evening => lang.pick("晚上", "Evening"),
    }
}

/// `第 3 节`, `Period 3`.
pub fn period(lang: Lang, name: &str) -> String {
    lang.pick(format!("第 {name} 节"), format!("Period {name}"))
}

/// The form's field as it is labelled; a name that the form does not have stays as it is.
pub fn field(lang: Lang, field: &str) -> String {
    let known = match field {
        "purpose" => lang.pick("实训内容", "Purpose"),
        "lessons" => lang.pick("课次数", "Lessons"),
        "minutes" => lang.pick("每课次时长", "Length of a lesson"),
        "headcount" => lang.pick("人数", "Group size"),
        "tier" => lang.pick("优先级", "Tier"),
        "cohorts" => lang.pick("班级", "Cohorts"),
        "windows" => lang.pick("时段", "Windows"),
        "per_day_max" => lang.pick("每天至多课次", "Lessons a day at most"),
        "days_between_min" => lang.pick("间隔天数", "Days between"),
        "rooms" => lang.pick("实训室", "Rooms"),
        "features" => lang.pick("功能条件", "Features"),
        "equipment" => lang.pick("设备", "Equipment"),
        "instructors" | "wanted_instructors" => lang.pick("导师", "Instructors"),
        "skills" => lang.pick("技能", "Skills"),
        "all_or_nothing" => lang.pick("全排或不排", "All lessons or none"),
        "reason" => lang.pick("理由", "Reason"),
        "name" => lang.pick("名称", "Name"),
        "name_en" => lang.pick("英文名称", "English name"),
        "seal" => lang.pick("印章", "Seal"),
        "until" => lang.pick("日期", "Date"),
        other => return other.to_owned(),
    };
    known.to_owned()
}

/// The state of a request or round, given by its code.
pub fn state_by_code(lang: Lang, code: &str) -> String {
    let of_request = code.parse::<RequestState>().map(|state| request_state(lang, state));
    let of_round = || code.parse::<RoundState>().map(|state| round_state(lang, state));
    let of_member = || code.parse::<StandingState>().map(|state| standing(lang, state));
    of_request
        .or_else(|_| of_round())
        .or_else(|_| of_member())
        .map_or_else(|_| code.to_owned(), str::to_owned)
}

/// What somebody wanted to do to a request or round, given by its code.
pub fn action_by_code(lang: Lang, code: &str) -> String {
    use strum::VariantArray;
    let of_request = RequestAction::VARIANTS
        .iter()
        .find(|action| <&str>::from(**action) == code);
    let of_round = RoundAction::VARIANTS
        .iter()
        .find(|action| <&str>::from(**action) == code);
    match (of_request, of_round) {
        (Some(action), _) => request_action(lang, *action).to_owned(),
        (None, Some(action)) => round_action(lang, *action).to_owned(),
        (None, None) => code.to_owned(),
    }
}

/// A stage of the solver by its name in the plan, `第 1 级公平`; one without words keeps its name.
pub fn stage(lang: Lang, name: &str) -> String {
    let mut parts = name.split(' ');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("greedy"), None, None) => board::stage_greedy(lang).to_owned(),
        (Some("chains"), None, None) => board::stage_chains(lang).to_owned(),
        (Some("memoryless"), Some("claims"), None) => board::stage_memoryless(lang).to_owned(),
        (Some("granted"), None, None) => board::stage_granted(lang).to_owned(),
        (Some("quality"), None, None) => board::stage_quality(lang).to_owned(),
        (Some("repair"), None, None) => board::stage_repair(lang, time::hours(domain::plan::MOVE_MINUTES)),
        (Some("repair"), Some("fairness"), None) => board::stage_repair_fairness(lang).to_owned(),
        (Some("filled"), None, None) => board::stage_filled(lang).to_owned(),
        (Some("gaps"), None, None) => board::stage_gaps(lang).to_owned(),
        (Some("moves"), None, None) => board::stage_moves(lang).to_owned(),
        (Some("tier"), Some(tier), Some("claims")) => board::stage_claims(lang, tier.to_owned()),
        (Some("tier"), Some(tier), Some("fairness")) => board::stage_fairness(lang, tier.to_owned()),
        (Some("tier"), Some(tier), Some("order")) => board::stage_order(lang, tier.to_owned()),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_of_the_solver_has_words() {
        for name in [
            "greedy",
            "chains",
            "memoryless claims",
            "granted",
            "quality",
            "repair",
            "gaps",
            "repair fairness",
            "filled",
            "moves",
            "tier 1 claims",
            "tier 2 fairness",
            "tier 3 order",
        ] {
            assert_ne!(stage(Lang::Zh, name), name);
            assert_ne!(stage(Lang::En, name), name);
        }
        assert_eq!(stage(Lang::En, "polish"), "polish");
    }
}
