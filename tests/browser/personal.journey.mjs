// What is kept about a person, on a wide screen and on a phone, in both languages: the phone with its middle hidden and shown
// in full once, the file with everything, and the page that asks once more before somebody is erased.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before } from "node:test";
import { assertAccessible, journey, loginOf, signIn, startDemo } from "./harness.mjs";

let demo;

before(async () => (demo = await startDemo()));
after(() => demo.stop());

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SCREENS = [
  ["zh-CN", "wide", WIDE],
  ["zh-CN", "phone", PHONE],
  ["en-GB", "wide", WIDE],
  ["en-GB", "phone", PHONE],
];

async function looked(browser, name) {
  await assertAccessible(browser.page);
  await browser.shot(name);
  const wider = await browser.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wider, false, `${name} runs out of the screen`);
}

journey("a person keeps a phone, sees it once, and takes the file", async ({ another }) => {
  const login = demo.logins.find((login) => login.login === "li.jishi");
  for (const [locale, size, viewport] of SCREENS) {
    const browser = await another({ locale, viewport });
    const { page } = browser;
    await signIn(page, demo.url, login);
    await page.goto(new URL("/account", demo.url).href);
    await page.locator("#phone-number").fill("138 1234 5678");
    await page.locator("#phone form[action='/account/phone'] button").click();
    await page.locator("#phone", { hasText: "138****5678" }).waitFor();
    await looked(browser, `personal account ${locale} ${size}`);
    await page.locator("#phone form[action='/account/phone/reveal'] button").click();
    await page.locator("#number", { hasText: "+8613812345678" }).waitFor();
    await looked(browser, `personal number ${locale} ${size}`);
    await page.goto(new URL("/account", demo.url).href);
    assert.equal(await page.locator("#number").count(), 0, "it is shown once");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#export button").click()]);
    const file = JSON.parse(await readFile(await download.path(), "utf8"));
    assert.deepEqual([file.format, file.person], ["gongxun-person-1", "li.jishi"]);
  }
});

journey("an admin sees a phone, and erases after being asked once more", async ({ another }) => {
  for (const [locale, size, viewport] of SCREENS) {
    const browser = await another({ locale, viewport });
    const { page } = browser;
    await signIn(page, demo.url, loginOf(demo, "system_admin"));
    await page.goto(new URL("/people/of/li.jishi", demo.url).href);
    await looked(browser, `personal person ${locale} ${size}`);
    await page.locator("#phone-number").fill("12");
    await page.locator("#phone form[action='/people/phone'] button").click();
    await page.getByRole("alert").waitFor();
    await looked(browser, `personal refused ${locale} ${size}`);
    browser.expectProblem(/422/);
    await page.goto(new URL("/people", demo.url).href);
    await looked(browser, `personal people ${locale} ${size}`);
    await page.goto(new URL("/people/of/li.jishi/erase", demo.url).href);
    await looked(browser, `personal erase ${locale} ${size}`);
  }
  const browser = await another({ viewport: WIDE });
  const { page } = browser;
  await signIn(page, demo.url, loginOf(demo, "system_admin"));
  await page.goto(new URL("/people/of/ma.zhigao", demo.url).href);
  await page.getByRole("link", { name: "注销并抹去…" }).click();
  await page.getByRole("button", { name: "我明白，永久抹去" }).click();
  await page.getByRole("status").waitFor();
  assert.equal(await page.getByText("马宏伟").count(), 0, "nobody of that name is left");
});

journey("a member that is suspended after it asked reads why it is not planned", async ({ another }) => {
  const admin = await another({ viewport: WIDE });
  await signIn(admin.page, demo.url, loginOf(demo, "system_admin"));
  await admin.page.goto(new URL("/organizations", demo.url).href);
  const key = crypto.randomUUID();
  const until = new Date(Date.now() + 60 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  const suspended = await admin.page.evaluate(
    async ({ key, until }) => {
      const reply = await fetch("/api/v1/organizations/suspend", {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify({ id: "zhiyuan", version: 0, reason: "三次爽约", until }),
      });
      return reply.status;
    },
    { key, until },
  );
  assert.equal(suspended, 200);
  for (const [locale, size, viewport] of SCREENS) {
    const owner = await another({ locale, viewport });
    await signIn(owner.page, demo.url, demo.logins.find((login) => login.login === "luo.zhiyuan"));
    await owner.page.goto(new URL("/requests?state=submitted", demo.url).href);
    await owner.page.locator("main tbody a[href^='/requests/']").first().click();
    await owner.page.locator("#left-out").waitFor();
    await looked(owner, `personal left out request ${locale} ${size}`);
    const coordinator = await another({ locale, viewport });
    await signIn(coordinator.page, demo.url, loginOf(demo, "coordinator"));
    await coordinator.page.goto(new URL("/rounds", demo.url).href);
    await coordinator.page.locator("main a[href^='/rounds/']").first().click();
    await coordinator.page.locator("#left-out").waitFor();
    await looked(coordinator, `personal left out round ${locale} ${size}`);
  }
});
