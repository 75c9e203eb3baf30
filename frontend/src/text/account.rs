//! Words of one's own account.

phrases! {
    title: "我的账号", "My account";
    login: "账号", "Login";
    role: "角色", "Role";
    sessions: "登录中的设备", "Open sessions";
    sessions_why: "不认识的，或不再用的，可以让它退出。改密码会让其他设备全部退出。", "End what you do not know or no longer use. Changing the password ends all the others.";
    opened: "登录时间", "Opened";
    seen: "最近使用", "Last used";
    here: "本机", "This one";
    end: "让它退出", "End";
    end_of(when: &str): "让它退出：{when} 登录的设备", "End the session opened {when}";
    password: "修改密码", "Change the password";
    old: "现在的密码", "Present password";
    new: "新密码", "New password";
    change: "修改密码", "Change it";
    changed: "密码已修改，其他设备已退出。", "The password is changed; other sessions have ended.";
    ended: "已让它退出。", "The session has ended.";
    rule_asvs(min: i64): "至少 {min} 个字符，不能是常见的密码，也不能含账号。中文也可以。", "At least {min} characters, not a usual password, not your login. Any script will do.";
    rule_dengbao(min: i64, kinds: i64, former: usize): "至少 {min} 个字符，含大写、小写、数字、符号中的 {kinds} 种，不能是常见的密码，不能含账号，也不能是最近 {former} 次用过的。", "At least {min} characters with {kinds} of: capitals, small letters, digits, signs; not a usual password, not your login, not one of the last {former}.";
    lasts(when: &str): "现在的密码可以用到 {when}。", "The present password may be used until {when}.";
    barred_password: "请先修改密码", "Change the password first";
    barred_password_why: "按规定，密码用满一定天数须更换。修改之后，就能使用其他功能。", "By the rules a password is changed after some days. Everything else opens after this.";
    factor: "第二道验证", "Second factor";
    factor_on(left: i64): "已开启：登录时除密码外还要验证码。还剩 {left} 个恢复码。", "On: signing in takes a code besides the password. {left} recovery codes are left.";
    factor_off: "未开启。协调员和管理员应当开启：密码被人看到时，账号仍然安全。", "Off. Coordinators and admins should turn it on: a password that was seen does not open the account then.";
    factor_needed: "您的角色必须有第二道验证。换手机时先关闭，再马上重新开启：开启之前，其他功能都不能用。", "Your role is held by a second factor. For another phone turn it off, and on again at once: nothing else opens before that.";
    barred_factor: "请先开启第二道验证", "Turn on the second factor first";
    barred_factor_why: "您的角色能为大家排课或管理人员，只凭密码不够安全。开启之后，就能使用其他功能。", "Your role plans for others or manages people, and a password alone does not hold it safely. Everything else opens after this.";
    barred_steps: "需要手机上的任意一种验证器应用，大约一分钟。", "It takes any authenticator app on your phone, and about a minute.";
    factor_start: "开启", "Turn on";
    factor_end: "关闭", "Turn off";
    factor_ended: "第二道验证已关闭。", "The second factor is off.";
    confirm_password: "密码", "Password";
    secret: "把这一串输入手机上的验证器应用，然后输入它显示的六位数字。", "Type this into an authenticator app on your phone, then enter the six digits that it shows.";
    address: "在手机上打开", "Open on this phone";
    code: "六位验证码", "Six digits";
    confirm: "确认", "Confirm";
    codes: "恢复码", "Recovery codes";
    codes_why: "手机不在时，一个恢复码可以代替一次验证码。只显示这一次，请抄下来放好。", "Without the phone one of these opens the account, once. They are shown only now: write them down.";
    codes_kept: "已经抄好", "I have written them down";
}
