//! Words of the page that an invitation opens.

phrases! {
    title: "加入共训", "Join Gongxun";
    lead(role: &str): "您受邀成为{role}。请为自己设一个账号和密码，别人都不会知道这个密码。", "You are invited as {role}. Choose a login and a password that nobody else will know.";
    name: "姓名", "Name";
    login: "账号", "Login";
    login_rule: "3–32 个小写字母、数字或 . _ -", "3 to 32 small letters, digits or . _ -";
    password: "密码", "Password";
    sign_on(label: &str): "加入时绑定{label}", "Link {label} while joining";
    proved(who: &str): "加入后绑定身份 {who}，以后可以用它登录。", "The identity {who} will be linked and sign you in from then on.";
    enter: "加入", "Join";
}
