//! Words of the sign-in page.

phrases! {
    title: "登录", "Sign in";
    lead: "共享实训基地的排课与预约", "Booking and scheduling of shared training bases";
    login: "账号", "Login";
    password: "密码", "Password";
    code: "验证码或恢复码", "Code or recovery code";
    enter: "登录", "Sign in";
    refused: "没有登录", "Not signed in";
    code_title: "还需要验证码", "A code is needed";
    code_lead: "身份已确认。请输入验证器应用上的六位数字，或一个恢复码。", "It is you. Enter the six digits of your authenticator app, or a recovery code.";
    sign_on(label: &str): "用{label}登录", "Continue with {label}";
    no_account: "没有账号？请联系本单位管理员。", "No account? Ask your organization's admin.";
    visitor: "不登录也可以看：", "Open to everybody:";
}
