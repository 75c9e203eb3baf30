// The alliance's admin asks for a second factor, is led to the own account, turns it on, and goes on; in both languages, on
// a wide screen and on a phone.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before } from "node:test";
import { assertAccessible, journey, loginOf, signIn, startDemo } from "./harness.mjs";

let demo;

before(async () => (demo = await startDemo()));
after(() => demo.stop());

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

// RFC 6238, as the authenticator app on the admin's phone does it.
function codeOf(secret) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function looked(browser, name) {
  await assertAccessible(browser.page);
  await browser.shot(`second factor ${name}`);
  const wider = await browser.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wider, false, `${name} runs out of the screen`);
}

journey("an admin who asks for a second factor turns on the own one first", async ({ another }) => {
  const admin = await another({ viewport: WIDE });
  const { page } = admin;
  const login = loginOf(demo, "system_admin");
  await signIn(page, demo.url, login);
  await page.goto(new URL("/people", demo.url).href);
  await page.getByRole("button", { name: "要求协调员和管理员开启" }).click();
  await page.getByRole("heading", { level: 1, name: "请先开启第二道验证" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/account");
  assert.equal(await page.getByRole("navigation").getByRole("link").count(), 0, "nothing is offered that does not open");

  for (const [locale, title] of [["zh-CN", "请先开启第二道验证"], ["en-GB", "Turn on the second factor first"]]) {
    for (const [size, viewport] of [["wide", WIDE], ["phone", PHONE]]) {
      const coordinator = await another({ locale, viewport });
      await signIn(coordinator.page, demo.url, loginOf(demo, "coordinator"));
      await coordinator.page.goto(new URL("/rounds", demo.url).href);
      await coordinator.page.getByRole("heading", { level: 1, name: title }).waitFor();
      await looked(coordinator, `barred ${locale} ${size}`);
    }
  }

  await page.getByLabel("密码").fill(login.password);
  await page.getByRole("button", { name: "开启" }).click();
  await page.getByLabel("六位验证码").waitFor();
  await page.getByRole("img", { name: "二维码：内容就是下面这一串密钥" }).waitFor();
  await looked(admin, "secret zh wide");
  await page.setViewportSize(PHONE);
  await looked(admin, "secret zh phone");
  await page.setViewportSize(WIDE);
  const secret = (await page.locator("code.digest").innerText()).replaceAll(" ", "");
  await page.getByLabel("六位验证码").fill(codeOf(secret));
  await page.getByRole("button", { name: "确认" }).click();
  await page.getByRole("heading", { name: "恢复码" }).waitFor();
  await looked(admin, "codes zh wide");
  for (const [size, viewport] of [["wide", WIDE], ["phone", PHONE]]) {
    for (const lang of ["zh", "en"]) {
      await page.setViewportSize(viewport);
      for (const path of ["/people", "/account"]) {
        await page.goto(new URL(`/lang?to=${lang}&back=${path}`, demo.url).href);
        await looked(admin, `on ${path} ${lang} ${size}`);
      }
    }
  }
});
