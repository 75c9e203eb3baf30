// Admins invite, suspend and hand over in both languages, on a wide screen and on a phone; a person of two organizations
// switches between them in the bar.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { assertAccessible, journey, loginOf, signIn, startDemo } from "./harness.mjs";

let demo;

before(async () => (demo = await startDemo()));
after(() => demo.stop());

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const PAGES = [
  ["organization_admin", "/people", "人员", "People"],
  ["organization_admin", "/people/of/li.jishi", "李雪梅 承担的事项", "Duties of 李雪梅"],
  ["system_admin", "/people", "人员", "People"],
  ["system_admin", "/organizations", "成员单位", "Members"],
];

journey("admins read their people and members on every screen", async ({ another }) => {
  for (const role of ["organization_admin", "system_admin"]) {
    for (const [locale, language] of [["zh-CN", 2], ["en-GB", 3]]) {
      for (const [size, viewport] of [["wide", WIDE], ["phone", PHONE]]) {
        const admin = await another({ locale, viewport });
        await signIn(admin.page, demo.url, loginOf(demo, role));
        for (const page of PAGES.filter((page) => page[0] === role)) {
          await admin.page.goto(new URL(page[1], demo.url).href);
          await admin.page.getByRole("heading", { level: 1, name: page[language] }).waitFor();
          await assertAccessible(admin.page);
          await admin.shot(`people ${role} ${page[1].replaceAll("/", "-")} ${locale} ${size}`);
          const wider = await admin.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          assert.equal(wider, false, `${page[1]} runs out of the screen`);
        }
      }
    }
  }
});

journey("a link brings a teacher into a second organization", async ({ page, another, shot }) => {
  await signIn(page, demo.url, loginOf(demo, "organization_admin"));
  await page.goto(new URL("/people", demo.url).href);
  await page.getByRole("button", { name: "生成链接" }).click();
  const path = await page.locator("#link code").innerText();
  assert.match(path, /^\/join\/[0-9a-f]{64}$/);
  await assertAccessible(page);
  await shot("people link zh wide");
  await page.goto(new URL("/people", demo.url).href);
  assert.equal(await page.locator("#link").count(), 0, "it is shown once");

  const teacher = await another({ viewport: WIDE });
  await signIn(teacher.page, demo.url, demo.logins.find((login) => login.login === "luo.zhiyuan"));
  await teacher.page.goto(new URL(path, demo.url).href);
  await assertAccessible(teacher.page);
  await teacher.shot("people join as oneself zh wide");
  await teacher.page.getByRole("button", { name: "以 罗丽 的账号加入" }).click();
  const bar = teacher.page.locator(".self > .act-for");
  await bar.waitFor();
  assert.equal(await bar.locator("select option:checked").innerText(), "州技师学院");
  await bar.locator("select").selectOption({ label: "州职业技术学院" });
  await bar.getByRole("button").click();
  await teacher.page.waitForFunction(
    () => document.querySelector(".self > .act-for option[selected]")?.textContent === "州职业技术学院",
  );
  await assertAccessible(teacher.page);
  await teacher.shot("people two organizations zh wide");
});

journey("a member is suspended with a reason and an end", async ({ page, shot }) => {
  await signIn(page, demo.url, loginOf(demo, "system_admin"));
  await page.goto(new URL("/organizations", demo.url).href);
  const row = page.locator("tbody tr").filter({ hasText: "市职业高级中学" });
  await row.locator("summary").click();
  const form = row.locator("form[action='/organizations/suspend']");
  await form.getByLabel("原因").fill("三次爽约");
  const end = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel("恢复申请的日期").fill(end);
  await assertAccessible(page);
  await shot("people suspending zh wide");
  await form.getByRole("button").click();
  await page.getByRole("status").waitFor();
  assert.match(await row.innerText(), /已暂停[\s\S]*三次爽约/);
});
