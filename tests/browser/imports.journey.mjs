// Requests out of a spreadsheet, on a wide screen and on a phone: the template is taken, filled in, chosen with faults in it,
// mended, looked at again, and imported; and a file that is no spreadsheet is said to be none.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before } from "node:test";
import { assertAccessible, journey, signIn, startDemo } from "./harness.mjs";

let demo;

before(async () => (demo = await startDemo()));
after(() => demo.stop());

const SCREENS = [
  { size: "wide", viewport: { width: 1440, height: 900 }, become: "直接提交", state: "已提交" },
  { size: "phone", viewport: { width: 390, height: 844 }, become: "草稿", state: "草稿" },
];

async function looked(browser, name) {
  await assertAccessible(browser.page);
  await browser.shot(name);
  const wider = await browser.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wider, false, `${name} runs out of the screen`);
}

async function taken(page, link) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
  return readFile(await download.path());
}

async function previewed(page, text) {
  const file = { name: "申请.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.locator("#file").setInputFiles(file);
  await page.getByRole("button", { name: "预览" }).click();
}

/** Rows of the template: its headings, and its example so often, each for something else and no note any more. */
function filledIn(template, purposes) {
  const [headings, , example] = template.toString("utf8").split("\r\n");
  const rest = example.slice(example.indexOf(","));
  return [headings, ...purposes.map((purpose) => purpose + rest)].join("\r\n");
}

journey("a trainer imports from a spreadsheet", async ({ another }) => {
  for (const { size, viewport, become, state } of SCREENS) {
    const browser = await another({ viewport });
    const { page } = browser;
    await signIn(page, demo.url, demo.logins.find((login) => login.login === "li.jishi"));
    await page.goto(new URL("/requests", demo.url).href);
    await page.getByRole("link", { name: "从表格导入" }).click();
    await page.locator("#file").waitFor();
    await looked(browser, `imports start ${size}`);

    const workbook = await taken(page, "Excel 模板（.xlsx）");
    assert.equal(workbook.subarray(0, 2).toString(), "PK");
    const template = await taken(page, "文本模板（.csv）");
    const purposes = ["数控车削：台阶轴", "数控车削：螺纹", "=1+1"].map((purpose) => `${purpose} ${size}`);
    const good = filledIn(template, purposes);

    const bad = good.replace(/,数控2401,36,/, ",数控2409,三十六,").replace(/周一 08:00-11:40/, "周八 8:00-11:40");
    assert.notEqual(bad, good);
    await previewed(page, bad);
    await page.getByRole("alert").waitFor();
    const told = await page.locator("#faults tbody tr").allInnerTexts();
    assert.equal(told.length, 3, told.join(" | "));
    for (const [n, place] of ["第 2 行 B 列", "第 2 行 C 列", "第 2 行 F 列"].entries()) assert.ok(told[n].includes(place), told[n]);
    assert.equal(await page.locator("#import").count(), 0, "with faults nothing is to be imported");
    await looked(browser, `imports faults ${size}`);

    await previewed(page, good);
    await page.locator("#import").waitFor();
    assert.equal(await page.locator("#rows tbody tr").count(), 3);
    await looked(browser, `imports preview ${size}`);
    await page.getByLabel(become).check();
    await page.getByRole("button", { name: "导入 3 行" }).click();
    await page.getByText("已全部导入。").waitFor();
    for (const purpose of purposes) {
      await page.getByRole("row").filter({ hasText: purpose }).filter({ hasText: state }).waitFor();
    }
    await looked(browser, `imports done ${size}`);

    await page.goto(new URL("/requests/import", demo.url).href);
    await previewed(page, good);
    await page.getByText("3 行与本轮已有的申请完全相同").waitFor();
    await page.goto(new URL("/requests/import", demo.url).href);
    await previewed(page, Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
    await page.getByText("请存为 .xlsx 或 .csv").waitFor();
    browser.expectProblem(/415/);
    await looked(browser, `imports refused ${size}`);
  }
});

journey("an English reader imports from a spreadsheet, too", async ({ another }) => {
  const text = "Purpose,Cohorts,Group size,Possible times\nTurning,nobody,many,Mon 8:00-11:40\n";
  for (const { size, viewport } of SCREENS) {
    const browser = await another({ locale: "en-GB", viewport });
    const { page } = browser;
    await signIn(page, demo.url, demo.logins.find((login) => login.login === "li.jishi"));
    await page.goto(new URL("/requests/import", demo.url).href);
    await looked(browser, `imports start english ${size}`);
    await page.locator("#file").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByText("Row 2, column B").waitFor();
    await looked(browser, `imports faults english ${size}`);
  }
});
