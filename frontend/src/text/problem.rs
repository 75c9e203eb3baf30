//! What a failed call says to a person: the server's own sentence, or ours when no server answered.

use super::Lang;
use domain::api::{Problem, ProblemCode};

/// What went wrong and what it means for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub title: &'static str,
    pub detail: &'static str,
}

/// The words of a kind of problem; the server sends them, the error pages show them.
pub fn kind(lang: Lang, code: ProblemCode) -> Words {
    let (title, detail) = by_code(lang, code);
    Words { title, detail }
}

/// Title and one sentence of a failed call. The server's own sentence, when there is one, is more exact than ours.
pub fn problem(lang: Lang, problem: &Problem) -> (String, String) {
    let (title, detail) = if problem.status == 0 {
        no_answer(lang)
    } else {
        by_code(lang, problem.code)
    };
    (
        title.to_owned(),
        if problem.detail.is_empty() {
            detail.to_owned()
        } else {
            problem.detail.clone()
        },
    )
}

fn no_answer(lang: Lang) -> (&'static str, &'static str) {
    lang.pick(
        ("没有连上服务器", "没有保存。检查网络后再试一次；填写的内容还在这里。"),
        (
            "No connection",
            "Nothing was saved. Check the network and try again; what you typed is still here.",
        ),
    )
}

#[rustfmt::skip]
fn by_code(lang: Lang, code: ProblemCode) -> (&'static str, &'static str) {
    match code {
        ProblemCode::Malformed => lang.pick(("读不懂这个请求", "地址或表单里有不认识的内容。"), ("The request cannot be read", "The address or form holds something unknown.")),
        ProblemCode::SignInNeeded => lang.pick(("请先登录", "登录已过期，或还没有登录。"), ("Please sign in", "The session has ended, or there was none.")),
        ProblemCode::BadCredentials => lang.pick(("账号或密码不对", "请核对后再试；忘记密码请联系单位管理员。"), ("Wrong login or password", "Check both and try again; your organization's admin can reset it.")),
        ProblemCode::CodeNeeded => lang.pick(("还需要验证码", "请再输入密码，并输入验证器应用上的六位数字，或一个恢复码。"), ("A code is needed", "Enter the password again, and the six digits of your authenticator app, or a recovery code.")),
        ProblemCode::SecondFactorNeeded => lang.pick(("请先开启第二道验证", "您的角色必须有第二道验证。在“我的账号”开启之后，才能使用其他功能。"), ("A second factor is needed first", "Your role is held by a second factor. Turn it on in your account; everything else opens after that.")),
        ProblemCode::PasswordExpired => lang.pick(("请先修改密码", "密码已到期。在“我的账号”修改之后，才能使用其他功能。"), ("Change the password first", "The password has expired. Change it in your account; everything else opens after that.")),
        ProblemCode::SignOnAway => lang.pick(("统一身份认证暂时联系不上", "没有登录。请用账号和密码登录，或稍后再试。"), ("The identity provider does not answer", "Not signed in. Sign in with login and password, or try again later.")),
        ProblemCode::SignOnRefused => lang.pick(("统一身份认证没有通过", "没有登录，也没有绑定。请重新开始；一直不行，请联系管理员。"), ("The identity provider's answer was refused", "Nothing was opened or linked. Begin again; if it goes on, ask your admin.")),
        ProblemCode::IdentityUnknown => lang.pick(("这个身份还没有绑定账号", "请先用账号和密码登录，在“我的账号”里绑定一次。"), ("This identity is linked to no account", "Sign in with login and password, and link it once in your account.")),
        ProblemCode::Forbidden => lang.pick(("没有权限", "这一项属于其他角色或单位。"), ("Not allowed", "This belongs to another role or organization.")),
        ProblemCode::NotFound => lang.pick(("没有找到", "地址可能写错，或内容已被移走。"), ("Not found", "The address may be wrong, or the thing was removed.")),
        ProblemCode::MethodNotAllowed => lang.pick(("这个地址不接受这样的请求", "请从页面上的按钮进入。"), ("Not possible at this address", "Please use the page's own buttons.")),
        ProblemCode::TooLarge => lang.pick(("内容太大", "没有保存。请缩短后再试。"), ("Too large", "Nothing was saved. Shorten it and try again.")),
        ProblemCode::UnsupportedMedia => lang.pick(("不支持这种格式", "没有保存。"), ("Unsupported format", "Nothing was saved.")),
        ProblemCode::Stale => lang.pick(("页面已经过时", "没有保存。别人刚刚改过；刷新页面，看最新的内容再改。"), ("This page is stale", "Nothing was saved. Somebody changed it; reload and change the latest.")),
        ProblemCode::Taken => lang.pick(("已被占用", "没有保存。别人刚刚占用了它；请另选。"), ("Already taken", "Nothing was saved. Somebody took it just now; choose another.")),
        ProblemCode::RulesBroken => lang.pick(("有规则不符", "没有保存。每一处都列在下面。"), ("Some rules are broken", "Nothing was saved. Each one is listed below.")),
        ProblemCode::WrongState => lang.pick(("当前状态不能这样做", "没有保存。刷新页面，看最新状态。"), ("Not possible in this state", "Nothing was saved. Reload to see the present state.")),
        ProblemCode::FourEyes => lang.pick(("须由另一位协调员批准", "没有批准。做方案的人不能批准自己的方案。"), ("Another coordinator must approve", "Not approved. Whoever made a plan does not approve it.")),
        ProblemCode::KeyNeeded => lang.pick(("这次提交没有编号", "没有保存。请刷新页面后再试。"), ("The change has no key", "Nothing was saved. Reload the page and try again.")),
        ProblemCode::KeyReused => lang.pick(("这个编号已用于另一次提交", "没有保存。请刷新页面后再试。"), ("The key belongs to another change", "Nothing was saved. Reload the page and try again.")),
        ProblemCode::CrossSite => lang.pick(("请求来自别的网站", "没有执行。请在本站的页面上操作。"), ("The request came from another site", "Nothing was done. Please act on this site's own pages.")),
        ProblemCode::TooManyTries => lang.pick(("尝试太频繁", "请稍等一分钟再试。"), ("Too many tries", "Please wait a minute and try again.")),
        ProblemCode::TooSlow => lang.pick(("内容传得太慢", "没有保存。网络可能不稳；请再试一次。"), ("The request came too slowly", "Nothing was saved. The network may be poor; please try again.")),
        ProblemCode::TimedOut => lang.pick(("没有及时完成", "不知道是否已经保存。请刷新页面看看，再决定是否重做。"), ("Not finished in time", "It may have been saved or not. Reload the page and look before you do it again.")),
        ProblemCode::Unavailable => lang.pick(("暂时不可用", "没有保存。请稍后再试。"), ("Not available at the moment", "Nothing was saved. Please try again later.")),
        ProblemCode::Internal => lang.pick(("服务器出错了", "没有保存。已经记录，请稍后再试。"), ("The server failed", "Nothing was saved. It has been recorded; please try again later.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn a_lost_connection_never_sounds_like_success() {
        let lost = crate::client::offline();
        for lang in Lang::ALL {
            let (title, detail) = problem(lang, &lost);
            assert!(!title.is_empty() && detail.contains(lang.pick("没有保存", "Nothing was saved")));
        }
    }

    #[test]
    fn every_kind_of_problem_has_words_in_both_languages() {
        for code in ProblemCode::VARIANTS {
            let (zh, en) = (by_code(Lang::Zh, *code), by_code(Lang::En, *code));
            assert!(
                !zh.0.is_ascii() && en.0.is_ascii() && !zh.1.is_empty() && !en.1.is_empty(),
                "{code:?}"
            );
        }
    }
}
