// What every journey shares: a server of its own, a browser with a fresh profile, and an eye on everything that must not
// happen on a page. It deliberately has no journeys in it, never waits for a while instead of for a condition, and never
// downloads a browser. `cargo xtask test` sets the environment it reads:
//   GONGXUN_BIN       the binary under test          GONGXUN_SITE_DIR  what the browser fetches (read by the binary)
//   GONGXUN_CHROMIUM  the system's browser           GONGXUN_SHOTS     where screenshots go; none are taken without it

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { chromium } from "playwright-core";

const START_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 10_000;
const WAIT_LIMIT_MS = 15_000;
const JOURNEY_LIMIT_MS = 180_000;

const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// The success criteria that the pages promise to hold: WCAG 2.2 A and AA.
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const AXE_SOURCE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * One test with a browser of its own: `journey("a teacher files a request", async ({ page }) => { … })`.
 * `another(options)` opens one more, for another person. A failure leaves a screenshot of each; problems on any page that
 * the journey did not expect fail it at the end.
 */
export function journey(name, walk) {
  test(name, { timeout: JOURNEY_LIMIT_MS }, async () => {
    const browsers = [];
    const another = async (options) => {
      browsers.push(await openBrowser(options));
      return browsers.at(-1);
    };
    try {
      await walk({ ...(await another()), another });
      for (const browser of browsers) browser.assertNoProblems();
    } catch (error) {
      for (const [n, browser] of browsers.entries()) await browser.shot(`failed ${name} ${n + 1}`).catch(() => {});
      throw error;
    } finally {
      for (const browser of browsers) await browser.close();
    }
  });
}

/**
 * The binary with its demonstration data, on a free port unless one is given, in a fresh folder, with `args` as more flags.
 * Returns `url`, `dataDir`, `logins` (role, name, login, password, organization) and `stop()`.
 */
export async function startDemo({ seed = 1, port = 0, args: more = [] } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), "gongxun-demo-"));
  const program = setting("GONGXUN_BIN");
  const args = ["demo", "--port", String(port), "--data-dir", dataDir, "--seed", String(seed), ...more];
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const stop = async () => {
    await end(server);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await listeningAddress(server);
    const logins = JSON.parse(await readFile(join(dataDir, "demo-logins.json"), "utf8"));
    return { url, dataDir, logins, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first demo login of a role; a missing role fails with those that exist. */
export function loginOf(demo, role) {
  const found = demo.logins.find((login) => login.role === role);
  assert.ok(found, `no demo login has the role ${role}; there are ${demo.logins.map((login) => login.role).join(", ")}`);
  return found;
}

/**
 * A headless browser with a fresh profile, in Chinese and in the alliance's zone.
 * `page` is its page; `problems` is what went wrong on any page since it opened; `expectProblem(pattern)` takes one that
 * belongs to the journey (a refused login answers 4xx, and the browser reports that) off the list.
 */
export async function openBrowser({ locale = "zh-CN", viewport = { width: 1280, height: 800 } } = {}) {
  const profile = await mkdtemp(join(tmpdir(), "gongxun-profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: setting("GONGXUN_CHROMIUM"),
    headless: true,
    args: BROWSER_FLAGS,
    locale,
    timezoneId: "Asia/Shanghai",
    viewport,
  });
  context.setDefaultTimeout(WAIT_LIMIT_MS);
  const problems = watch(context);
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    problems,
    shot: (name) => shot(page, name),
    assertNoProblems: () => assert.deepEqual(problems, [], "the pages reported problems"),
    expectProblem: (pattern) => expectProblem(problems, pattern),
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Signs in on the sign-in page and waits until it is left. The fields are found as a password keeper finds them. */
export async function signIn(page, url, login) {
  await page.goto(new URL("/sign-in", url).href);
  const password = page.locator("input[autocomplete='current-password']");
  await page.locator("input[autocomplete='username']").fill(login.login);
  await password.fill(login.password);
  const left = page.waitForURL((address) => address.pathname !== "/sign-in");
  await Promise.all([left, password.press("Enter")]);
}

/** Fails with one line for each accessibility rule that the page breaks, naming the elements. */
export async function assertAccessible(page) {
  // Evaluated by the browser's debugger, so the page's content security policy stays as strict as it is in production.
  await page.evaluate(await readFile(AXE_SOURCE, "utf8"));
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), AXE_TAGS);
  const lines = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target).join(" | ")}`);
  assert.deepEqual(lines, [], `${page.url()} is not accessible`);
}

/** A screenshot of the whole page under the journey's own words. */
export async function shot(page, name) {
  const folder = process.env.GONGXUN_SHOTS;
  if (folder) {
    await page.screenshot({ path: join(folder, `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}.png`), fullPage: true });
  }
}

// Everything that must not happen unnoticed: errors on the console (violations of the content security policy are
// reported there), exceptions, server errors, requests that fail, and requests to anywhere but this machine.
function watch(context) {
  const problems = [];
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => problems.push(`exception: ${error.error().message}`));
  context.on("response", (reply) => {
    if (reply.status() >= 500) problems.push(`server error: ${reply.status()} ${reply.url()}`);
  });
  context.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // A navigation cuts off what the old page was still fetching: that is the visitor's doing, not a fault.
    if (reason !== "net::ERR_ABORTED") problems.push(`request failed: ${reason} ${request.url()}`);
  });
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isOutside = protocol.startsWith("http") && hostname !== "127.0.0.1";
    if (isOutside) problems.push(`request to the outside: ${request.url()}`);
  });
  return problems;
}

function expectProblem(problems, pattern) {
  const at = problems.findIndex((problem) => pattern.test(problem));
  assert.notEqual(at, -1, `no problem matches ${pattern}; there are ${JSON.stringify(problems)}`);
  problems.splice(at, 1);
}

// The address from the line `listening on http://127.0.0.1:PORT`; an early end fails with what the server said.
async function listeningAddress(server) {
  let said = "";
  server.stderr.on("data", (bytes) => (said = (said + bytes).slice(-4_000)));
  const lines = createInterface({ input: server.stdout });
  const address = new Promise((resolve) => {
    lines.on("line", (line) => {
      const match = /^listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (match) resolve(match[1]);
    });
  });
  const gone = new Promise((_, reject) => {
    server.once("error", (error) => reject(new Error(`the demo could not be started: ${error.message}`)));
    server.once("close", (code, signal) => reject(new Error(`the demo ended (${signal ?? code}) before it listened: ${said}`)));
    AbortSignal.timeout(START_LIMIT_MS).addEventListener("abort", () => {
      reject(new Error(`the demo did not listen within ${START_LIMIT_MS} ms: ${said}`));
    });
  });
  return Promise.race([address, gone]);
}

// Asks the server to stop, and makes it stop if it does not.
async function end(server) {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  const force = setTimeout(() => server.kill("SIGKILL"), STOP_LIMIT_MS);
  await ended;
  clearTimeout(force);
}

function setting(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set; run the journeys through: cargo xtask test`);
  return value;
}
