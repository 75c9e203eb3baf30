// The auditor reads the log in both languages, on a wide screen and on a phone; nobody else is led to it.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { assertAccessible, journey, loginOf, signIn, startDemo } from "./harness.mjs";

let demo;

before(async () => (demo = await startDemo()));
after(() => demo.stop());

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

journey("the auditor reads who did what", async ({ page, another }) => {
  // Something to read: people come and go, and one tries the auditor's page.
  await signIn(page, demo.url, loginOf(demo, "requester"));
  assert.equal(await page.getByRole("link", { name: "审计日志" }).count(), 0);
  await page.getByRole("button", { name: "退出" }).click();
  await page.waitForURL((address) => address.pathname === "/sign-in");

  for (const [locale, title, signedOut] of [["zh-CN", "审计日志", "退出"], ["en-GB", "Audit log", "Signed out"]]) {
    for (const [size, viewport] of [["wide", WIDE], ["phone", PHONE]]) {
      const auditor = await another({ locale, viewport });
      await signIn(auditor.page, demo.url, loginOf(demo, "auditor"));
      await auditor.page.goto(new URL("/audit", demo.url).href);
      await auditor.page.getByRole("heading", { level: 1, name: title }).waitFor();
      await assertAccessible(auditor.page);
      await auditor.shot(`audit ${locale} ${size}`);
      const all = await auditor.page.locator("tbody tr").count();
      assert.ok(all >= 3, `${all} entries`);
      await auditor.page.locator("#f-event").selectOption({ label: signedOut });
      await auditor.page.locator("form.filters button").click();
      await auditor.page.waitForURL(/event=session\.closed/);
      assert.equal(await auditor.page.locator("tbody tr").count(), 1);
      const wider = await auditor.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wider, false, "nothing runs out of the screen");
    }
  }
});
