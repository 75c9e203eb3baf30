//! Words of the sign-in page.

phrases! {
    title: "登录", "Sign in";
    lead: "共享实训基地的排课与预约", "Booking and scheduling of shared training bases";
    login: "账号", "Login";
    password: "密码", "Password";
    code: "验证码或恢复码", "Code or recovery code";
    enter: "登录", "Sign in";
    refused: "没有登录", "Not signed in";
    no_account: "没有账号？请联系本单位管理员。", "No account? Ask your organization's admin.";
    visitor: "不登录也可以看：", "Open to everybody:";
}
