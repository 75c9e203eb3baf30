// Holds the harness to its word on pages of its own: what must not happen on a page is noticed, what is fine is not.
// Without this a journey could pass because nobody was looking.

import assert from "node:assert/strict";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertAccessible, journey, openBrowser, signIn, startDemo } from "./harness.mjs";

const page = (body) => `<!doctype html><html lang="zh-CN"><head><title>共训</title><link rel="icon" href="data:,"></head><body><main>${body}</main></body></html>`;

const PAGES = {
  "/fine": page("<h1>实训基地</h1><script nonce='n'>console.log('只是一句话')</script>"),
  "/throws": page("<script nonce='n'>throw new Error('第一个错误')</script>"),
  "/breaks-policy": page("<script>globalThis.ran = true</script>"),
  "/reaches-out": page("<img alt='' src='http://192.0.2.1/a.png'>"),
  "/not-accessible": page("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"),
  "/sign-in": page(`<form method="post" action="/sign-in"><label>账号 <input name="login" autocomplete="username"></label>
    <label>密码 <input name="password" type="password" autocomplete="current-password"></label><button>登录</button></form>`),
};

let server;
let url;

before(async () => {
  server = createServer((request, reply) => {
    if (request.method === "POST") return reply.writeHead(303, { location: "/fine" }).end();
    const body = PAGES[request.url];
    reply.writeHead(body ? 200 : 500, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; script-src 'nonce-n'; img-src data: http:; form-action 'self'",
    });
    reply.end(body ?? page("<h1>坏了</h1>"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}`;
});

after(() => server.close());

journey("a page without faults has no problems and is accessible", async ({ page }) => {
  await page.goto(`${url}/fine`);
  assert.equal(await page.locator("h1").innerText(), "实训基地");
  await assertAccessible(page);
});

journey("signing in leaves the sign-in page", async ({ page }) => {
  await signIn(page, url, { login: "zhang", password: "…" });
  assert.equal(new URL(page.url()).pathname, "/fine");
});

for (const [path, pattern] of [
  ["/throws", /exception: 第一个错误/],
  ["/breaks-policy", /console: .*Content Security Policy/],
  ["/reaches-out", /request to the outside: http:\/\/192\.0\.2\.1/],
  ["/missing", /server error: 500/],
]) {
  test(`a problem is noticed on ${path}`, async () => {
    const browser = await openBrowser();
    try {
      const noticed = until(() => browser.problems.some((problem) => pattern.test(problem)), browser.context);
      await Promise.all([noticed, browser.page.goto(url + path, { waitUntil: "commit" })]);
      assert.throws(() => browser.assertNoProblems());
      browser.expectProblem(pattern);
      assert.throws(() => browser.expectProblem(/never happened/));
    } finally {
      await browser.close();
    }
  });
}

journey("a page that is not accessible is refused by name", async ({ page }) => {
  await page.goto(`${url}/not-accessible`);
  await assert.rejects(assertAccessible(page), /image-alt/);
});

test("a server that ends before it listens fails with its own words", async () => {
  await withProgram("echo 'no such seed' >&2; exit 2", async () => {
    await assert.rejects(startDemo(), /ended \(2\) before it listened: no such seed/);
  });
});

test("a server that listens gives its address and logins, and stops", async () => {
  const script = `printf '[{"role":"teacher","login":"zhang"}]' > "$5/demo-logins.json"
    echo "starting"; echo "listening on http://127.0.0.1:1234"; exec cat <> "$5/demo-logins.fifo"`;
  await withProgram(`mkfifo "$5/demo-logins.fifo"; ${script}`, async () => {
    const demo = await startDemo();
    assert.equal(demo.url, "http://127.0.0.1:1234");
    assert.equal(demo.logins[0].login, "zhang");
    await demo.stop();
  });
});

// Resolves as soon as the condition holds, looked at after each thing the browser reports.
function until(holds, context) {
  return new Promise((resolve) => {
    const look = () => holds() && resolve();
    for (const event of ["console", "weberror", "request", "requestfailed", "response"]) context.on(event, look);
  });
}

// Runs with a shell script in the place of the binary.
async function withProgram(script, work) {
  const folder = await mkdtemp(join(tmpdir(), "gongxun-harness-"));
  const program = join(folder, "gongxun");
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  const usual = process.env.GONGXUN_BIN;
  process.env.GONGXUN_BIN = program;
  try {
    await work();
  } finally {
    process.env.GONGXUN_BIN = usual;
    await rm(folder, { recursive: true, force: true });
  }
}
