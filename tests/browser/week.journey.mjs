// The main job in a real browser: two trainers ask, a coordinator closes, solves, reads, pins, moves, solves again, a second
// one approves, the timetable is published and both trainers see it, and nobody saw a placement before that.

import assert from "node:assert/strict";
import { after, before } from "node:test";
import { assertAccessible, journey, signIn, startDemo } from "./harness.mjs";

const SOLVER_SECONDS = "10";
// A run ends with its budget, explanations and the referee on top.
const RUN_LIMIT_MS = 90_000;
const LATHES = "数控车削：阶梯轴";
const INVERTERS = "光伏逆变器检修";

let demo;

before(async () => (demo = await startDemo()));
after(() => demo.stop());

function loginNamed(login) {
  const found = demo.logins.find((one) => one.login === login);
  assert.ok(found, `the demo has no login ${login}`);
  return found;
}

/** A browser of one's own for each person, signed in. */
async function enter(another, login) {
  const browser = await another({ viewport: { width: 1440, height: 900 } });
  await signIn(browser.page, demo.url, loginNamed(login));
  return browser;
}

/** The page once its islands answer. */
async function awake(page) {
  await page.locator("html[data-awake]").waitFor();
}

const on = (page, name) => page.getByRole("button", { name });

/** A period of a day in the form's week; it is named by what it holds as well. */
const cell = (page, day, period) => on(page, new RegExp(`^${day} 第 ${period} 节 [0-9:]+ (?!标为)`));

/** First screen of the form. */
async function sayWhat(page, { purpose, cohort, lessons }) {
  await page.getByLabel("实训内容").fill(purpose);
  await page.getByRole("checkbox", { name: cohort }).check();
  await page.getByLabel("课次数").fill(lessons);
  await on(page, /下一步/).click();
}

/** Marks the first two periods of some days, each a weekday's name. */
async function sayWhen(page, days) {
  for (const day of days) {
    for (const period of [1, 2]) await cell(page, day, period).click();
  }
}

async function needEquipment(page, kind, units) {
  await page.getByRole("checkbox", { name: kind }).check();
  await page.getByLabel(`${kind} 要几台`).fill(units);
}

async function needInstructor(page, skill) {
  await page.getByLabel("导师人数").selectOption("1");
  await page.getByLabel("加一项技能").selectOption({ label: skill });
}

/** The address of the request that was just submitted. */
async function submit(page) {
  await on(page, "提交申请").click();
  await page.waitForURL(/\/requests\/[^/]+$/);
  await page.getByText("已提交").first().waitFor();
  return page.url();
}

async function askForLathes(page) {
  await page.goto(`${demo.url}/requests/new`);
  await awake(page);
  await sayWhat(page, { purpose: LATHES, cohort: /数控2401/, lessons: "4" });
  await sayWhen(page, ["周一", "周二", "周三", "周四"]);
  // No room is open on Saturday evening, and the form says so while one is still marking.
  const rules = page.locator("#rules");
  for (const period of [9, 10]) await cell(page, "周六", period).click();
  await rules.getByText("时段内没有开放的实训室").waitFor();
  await rules.getByRole("button", { name: "去掉这一段" }).click();
  await rules.getByText("时段内没有开放的实训室").waitFor({ state: "detached" });
  await on(page, /下一步/).click();
  await needEquipment(page, "数控车床", "10");
  await needInstructor(page, "数控车削");
  await rules.getByText("全部符合").waitFor();
  await assertAccessible(page);
  return submit(page);
}

async function reserveInverters(page) {
  await page.goto(`${demo.url}/requests/new`);
  await awake(page);
  await sayWhat(page, { purpose: INVERTERS, cohort: /在职1组/, lessons: "2" });
  await sayWhen(page, ["周一", "周二", "周三"]);
  await on(page, /下一步/).click();
  await needEquipment(page, "光伏逆变器", "4");
  await needInstructor(page, "逆变器检修");
  return submit(page);
}

/** Neither the request nor the timetable of the own organization tells of a placement. */
async function seesNothing(page, request) {
  await page.goto(request);
  assert.equal(await page.getByRole("heading", { name: "已排入的课次" }).count(), 0);
  assert.equal(await page.getByText("未排入").count(), 0);
}

async function closeRound(page) {
  await page.goto(`${demo.url}/rounds`);
  const open = page.getByRole("row").filter({ hasText: "收集" });
  await open.getByRole("link").first().click();
  await awake(page);
  await on(page, "停止收集…").click();
  await on(page, "停止收集").last().click();
  await page.locator("#start-run").waitFor();
  return page.url();
}

/** Starts the solver, sees its progress come in, and opens the plan from the list that the page then has. */
async function solve(page) {
  await awake(page);
  await page.getByLabel("最多用时（秒）").fill(SOLVER_SECONDS);
  await page.locator("#start-run").click();
  await page.getByRole("progressbar", { name: "求解用时" }).waitFor();
  await page.getByText(/上界 [\d.,]+/).first().waitFor({ timeout: RUN_LIMIT_MS });
  await page.locator("table th a[href*='/board?plan=']").first().click({ timeout: RUN_LIMIT_MS });
  await page.waitForURL(/\/board/);
  await awake(page);
}

async function readReasons(page) {
  const tray = page.locator("#unplaced ol.tray > li");
  assert.ok((await tray.count()) >= 2, "the demo asks for more than there is");
  for (const item of (await tray.all()).slice(0, 2)) {
    assert.ok((await item.locator(".why").first().innerText()).trim().length > 4, "an unplaced lesson says why");
  }
}

/** Pins the first lesson of the grid that is not pinned; its label without the state. */
async function pinOne(page) {
  const lesson = page.locator("table button.chip:not(.pinned)").first();
  const label = await lesson.getAttribute("aria-label");
  await lesson.click();
  await page.locator("#panel").getByRole("button", { name: "锁定" }).click();
  await page.getByText(/已锁定$/).first().waitFor();
  await page.locator(`table button.chip.pinned[aria-label="${label}，已锁定"]`).waitFor();
  return label;
}

/** Takes lessons into the hand, one after another, until one may go somewhere, and drops it there by keyboard. */
async function moveOne(page) {
  const labels = await page.locator("table button.chip:not(.pinned)").evaluateAll((all) => all.map((chip) => chip.ariaLabel));
  const places = page.getByLabel("可放的地方");
  for (const label of labels) {
    await page.locator(`table button.chip[aria-label="${label}"]`).click();
    await page.locator("#panel").getByRole("button", { name: "移动", exact: true }).click();
    await places.waitFor();
    const possible = await places.locator("option:not([value=''])").evaluateAll((all) => all.map((option) => option.value));
    await page.locator("#panel").focus();
    if (possible.length > 0) {
      await places.selectOption(possible[0]);
      await page.locator("#panel").focus();
      await page.keyboard.press("Enter");
      await page.getByText(/已放到/).first().waitFor();
      assert.equal(await page.locator(`table button.chip[aria-label="${label}"]`).count(), 0, "the lesson has left its place");
      return;
    }
    await page.keyboard.press("Escape");
    await places.waitFor({ state: "detached" });
  }
  assert.fail("no lesson of the plan may go anywhere else");
}

/** Runs the solver again from this plan and opens the new one. */
async function solveAgain(page) {
  const before = page.url();
  await on(page, "带锁定再求解").click();
  await page.getByText("求解完成").waitFor({ timeout: RUN_LIMIT_MS });
  await page.getByRole("link", { name: "看这个方案" }).click();
  await page.waitForURL((url) => url.href !== before && url.pathname.endsWith("/board"));
  await awake(page);
}

/** Pictures of what stands on the page, on a desk and on a phone; both can be read by everybody. */
async function shotBoth({ page, shot }, name) {
  for (const [width, height] of [[390, 844], [1440, 900]]) {
    await page.setViewportSize({ width, height });
    await assertAccessible(page);
    await shot(`${name} ${width}`);
  }
}

/** Somebody pins a lesson on another board of the same plan: the own step is refused, says which one, and goes on from there. */
async function changesMeanwhile(coordinator, elsewhere) {
  const { page } = coordinator;
  await elsewhere.page.goto(page.url());
  await awake(elsewhere.page);
  const pinned = await pinOne(elsewhere.page);
  const other = page.locator(`table button.chip:not(.pinned):not([aria-label="${pinned}"])`).first();
  const label = await other.getAttribute("aria-label");
  await other.click();
  await page.locator("#panel").getByRole("button", { name: "锁定" }).click();
  await page.locator("#answer .differing li").filter({ hasText: "已锁定" }).waitFor();
  assert.equal(await page.locator("#answer .differing li").count(), 1, "no other lesson differs");
  coordinator.expectProblem(/409/);
  await shotBoth(coordinator, "board changed meanwhile");
  await on(page, "载入最新的看板").click();
  await page.locator(`table button.chip.pinned[aria-label="${pinned}，已锁定"]`).waitFor();
  await page.locator(`table button.chip[aria-label="${label}"]`).click();
  await page.locator("#panel").getByRole("button", { name: "锁定" }).click();
  await page.locator(`table button.chip.pinned[aria-label="${label}，已锁定"]`).waitFor();
}

async function sees(page, request, purpose) {
  await page.goto(request);
  await page.getByRole("heading", { name: "已排入的课次" }).waitFor();
  // The timetable opens with the running week; the published one is the next.
  await page.getByRole("link", { name: "课表", exact: true }).first().click();
  await page.locator("main a[rel='next']").click();
  await page.getByText("已发布").first().waitFor();
  await page.getByText(purpose).first().waitFor();
}

journey("what two save of one request lies side by side, and each field is decided", async ({ another }) => {
  const [here, there] = [await enter(another, "luo.zhiyuan"), await enter(another, "luo.zhiyuan")];
  await here.page.goto(`${demo.url}/requests/new`);
  await awake(here.page);
  await here.page.locator("#f-purpose").fill("电工基础");
  await on(here.page, "存草稿").click();
  await here.page.getByText("草稿已存").waitFor();
  await there.page.goto(here.page.url());
  await awake(there.page);
  await there.page.locator("#f-purpose").fill("电工基础：照明电路");
  await there.page.locator("#f-lessons").fill("3");
  await on(there.page, "存草稿").click();
  await there.page.getByText("草稿已存").waitFor();

  const { page } = here;
  await page.locator("#f-purpose").fill("电工基础：配电箱");
  await page.locator("#f-headcount").fill("24");
  await on(page, "存草稿").click();
  const rows = page.locator("#answer .differences li");
  await rows.first().waitFor();
  here.expectProblem(/409/);
  assert.deepEqual(await rows.locator("strong").allInnerTexts(), ["实训内容", "人数", "课次数"]);
  assert.deepEqual(await rows.first().locator("dd").allInnerTexts(), ["电工基础：配电箱", "电工基础：照明电路"]);
  await shotBoth(here, "request changed meanwhile");
  await on(page, "课次数：改用已保存的").click();
  await rows.nth(2).waitFor({ state: "detached" });
  assert.equal(await page.locator("#f-lessons").inputValue(), "3", "the field shows what was taken over");
  assert.equal(await page.locator("#f-purpose").inputValue(), "电工基础：配电箱", "what was typed is still there");
  await on(page, "其余保留我填的").click();
  await page.locator("#answer .note").waitFor({ state: "detached" });
  await on(page, "存草稿").click();
  await page.getByText("草稿已存").waitFor();
  await there.page.reload();
  await awake(there.page);
  const saved = await Promise.all(["purpose", "lessons", "headcount"].map((field) => there.page.locator(`#f-${field}`).inputValue()));
  assert.deepEqual(saved, ["电工基础：配电箱", "3", "24"]);
});

journey("a week goes from two requests to the published timetable", async ({ page: visitor, another }) => {
  const trainer = await enter(another, "li.jishi");
  const enterprise = await enter(another, "zhao.yunneng");
  const lathes = await askForLathes(trainer.page);
  const inverters = await reserveInverters(enterprise.page);

  const coordinator = await enter(another, "chen.paike");
  const round = await closeRound(coordinator.page);
  await solve(coordinator.page);
  await readReasons(coordinator.page);
  await assertAccessible(coordinator.page);
  await coordinator.shot("board");
  await seesNothing(trainer.page, lathes);
  await seesNothing(enterprise.page, inverters);

  await changesMeanwhile(coordinator, await enter(another, "chen.paike"));
  const pinned = await pinOne(coordinator.page);
  await moveOne(coordinator.page);
  await solveAgain(coordinator.page);
  await coordinator.page.locator(`table button.chip.pinned[aria-label="${pinned}，已锁定"]`).waitFor();
  assert.equal(await on(coordinator.page, "批准这个方案").count(), 0, "who made the plan does not approve it");
  const board = coordinator.page.url();

  const second = await enter(another, "sun.paike");
  await second.page.goto(board);
  await awake(second.page);
  await on(second.page, "批准这个方案").click();
  await second.page.getByText("已批准，现在可以发布").first().waitFor();

  await coordinator.page.goto(board);
  await awake(coordinator.page);
  await on(coordinator.page, /^发布.*课表…$/).click();
  await on(coordinator.page, "确认发布").click();
  await coordinator.page.waitForURL(round);
  await coordinator.page.getByText("已发布").first().waitFor();

  await sees(trainer.page, lathes, LATHES);
  await sees(enterprise.page, inverters, INVERTERS);

  await visitor.goto(`${demo.url}/fairness`);
  assert.ok((await visitor.getByRole("row").count()) > 14, "every member stands in the ledger");
});
