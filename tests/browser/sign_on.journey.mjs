// A teacher links an identity of a provider, signs in by it, is asked for the second factor, and unlinks it; a guest links
// one while joining; a provider that is away is said. The provider is a small one of the journey's own.

import assert from "node:assert/strict";
import { createHash, createHmac, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { assertAccessible, journey, loginOf, signIn, startDemo } from "./harness.mjs";

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SECRET = "a secret between two servers";

let demo, provider, folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "gongxun-sign-on-"));
  await writeFile(join(folder, "secret"), SECRET);
  provider = await startProvider();
  const port = await freePort();
  demo = await startDemo({
    port,
    args: [
      ...["--oidc-issuer", provider.issuer, "--oidc-client-id", "gongxun"],
      ...["--oidc-client-secret-file", join(folder, "secret"), "--public-url", `http://127.0.0.1:${port}`],
    ],
  });
});
after(async () => {
  await demo.stop();
  await provider.stop();
  await rm(folder, { recursive: true, force: true });
});

// Discovery, keys, and tokens signed by ES256; whoever comes is who `provider.subject` says, without a question.
async function startProvider() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const codes = new Map();
  const self = { subject: "u-1001" };
  const text = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = (nonce) => {
    const now = Math.floor(Date.now() / 1000);
    const name = "li.xuemei@id.example";
    const claims = { iss: self.issuer, aud: "gongxun", sub: self.subject, nonce, iat: now, exp: now + 60, preferred_username: name };
    const signed = `${text({ alg: "ES256", kid: "own" })}.${text(claims)}`;
    return `${signed}.${sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  };
  const server = createServer(async (request, reply) => {
    const { pathname, searchParams } = new URL(request.url, self.issuer);
    const json = (status, value) => reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (pathname === "/.well-known/openid-configuration") {
      const at = (path) => `${self.issuer}${path}`;
      return json(200, {
        issuer: self.issuer,
        authorization_endpoint: at("/authorize"),
        token_endpoint: at("/token"),
        jwks_uri: at("/keys"),
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
      });
    }
    if (pathname === "/keys") return json(200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "own", alg: "ES256", use: "sig" }] });
    if (pathname === "/authorize") {
      const code = randomUUID();
      codes.set(code, searchParams);
      const to = `${searchParams.get("redirect_uri")}?code=${code}&state=${searchParams.get("state")}`;
      return reply.writeHead(302, { location: to }).end();
    }
    let body = "";
    for await (const bytes of request) body += bytes;
    const given = new URLSearchParams(body);
    const asked = codes.get(given.get("code"));
    codes.delete(given.get("code"));
    const challenge = createHash("sha256").update(given.get("code_verifier") ?? "").digest("base64url");
    if (asked?.get("code_challenge") !== challenge) return json(400, { error: "invalid_grant" });
    return json(200, { access_token: "unused", token_type: "Bearer", id_token: token(asked.get("nonce")) });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  self.issuer = `http://127.0.0.1:${server.address().port}`;
  self.stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return self;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

// RFC 6238, as an authenticator app does it; `steps` ahead.
function codeOf(secret, steps) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const at = hash[hash.length - 1] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

// The page as it is, in both languages, wide and on a phone.
async function looked(browser, name) {
  const { page } = browser;
  const { pathname, search } = new URL(page.url());
  for (const lang of ["en", "zh"]) {
    await page.goto(new URL(`/lang?to=${lang}&back=${encodeURIComponent(pathname + search)}`, demo.url).href);
    for (const [size, viewport] of [["phone", PHONE], ["wide", WIDE]]) {
      await page.setViewportSize(viewport);
      await assertAccessible(page);
      await browser.shot(`sign on ${name} ${lang} ${size}`);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wider, false, `${name} runs out of the screen`);
    }
  }
}

journey("a teacher links an identity and signs in by it", async ({ another }) => {
  const teacher = await another({ viewport: WIDE });
  const { page } = teacher;
  const login = demo.logins.find((known) => known.login === "li.jishi");
  await signIn(page, demo.url, login);
  await page.goto(new URL("/account", demo.url).href);
  await looked(teacher, "not linked");
  await page.getByRole("link", { name: "绑定" }).click();
  await page.getByText("将绑定身份 li.xuemei@id.example").waitFor();
  await looked(teacher, "to link");
  await page.locator("#identity-password").fill(login.password);
  await page.getByRole("button", { name: "确认绑定" }).click();
  await page.getByText("已绑定，以后可以用它登录。").waitFor();
  await looked(teacher, "linked");

  await page.locator("#factor-password").fill(login.password);
  await page.getByRole("button", { name: "开启" }).click();
  const secret = (await page.locator("code.digest").innerText()).replaceAll(" ", "");
  await page.getByLabel("六位验证码").fill(codeOf(secret, 0));
  await page.getByRole("button", { name: "确认" }).click();
  await page.getByRole("heading", { name: "恢复码" }).waitFor();

  const elsewhere = await another({ viewport: WIDE });
  await elsewhere.page.goto(new URL("/sign-in?back=/requests", demo.url).href);
  await looked(elsewhere, "door");
  await elsewhere.page.getByRole("link", { name: "用统一身份认证登录" }).click();
  await elsewhere.page.getByRole("heading", { level: 1, name: "还需要验证码" }).waitFor();
  await looked(elsewhere, "code");
  await elsewhere.page.getByLabel("验证码或恢复码").fill(codeOf(secret, 1));
  await elsewhere.page.getByRole("button", { name: "登录" }).click();
  await elsewhere.page.waitForURL((address) => address.pathname === "/requests");

  await page.goto(new URL("/account", demo.url).href);
  await page.locator("#identity-password").fill(login.password);
  await page.getByRole("button", { name: "解除绑定" }).click();
  await page.getByText("已解除绑定。").waitFor();
});

journey("a guest links an identity while joining", async ({ page, another }) => {
  await signIn(page, demo.url, loginOf(demo, "organization_admin"));
  await page.goto(new URL("/people", demo.url).href);
  await page.getByRole("button", { name: "生成链接" }).click();
  const path = await page.locator("#link code").innerText();
  const guest = await another({ viewport: WIDE });
  await guest.page.goto(new URL(path, demo.url).href);
  await looked(guest, "join");
  provider.subject = "u-1002";
  await guest.page.getByRole("link", { name: "加入时绑定统一身份认证" }).click();
  await guest.page.getByText("加入后绑定身份 li.xuemei@id.example").waitFor();
  await looked(guest, "join proved");
  await guest.page.getByLabel("姓名").fill("新来的");
  await guest.page.getByLabel("账号").fill("guest.one");
  await guest.page.getByLabel("密码").fill("彝乡的火把照亮三月的夜");
  await guest.page.getByRole("button", { name: "加入", exact: true }).click();
  await guest.page.waitForURL((address) => address.pathname === "/");
});

journey("an identity that nobody linked, and a provider that is away, leave the password", async ({ another }) => {
  const visitor = await another({ viewport: WIDE });
  provider.subject = "u-1003";
  await visitor.page.goto(new URL("/sign-on", demo.url).href);
  await visitor.page.getByText("这个身份还没有绑定账号").waitFor();
  await assertAccessible(visitor.page);
  await visitor.shot("sign on unknown zh wide");
  visitor.expectProblem(/401/);
  await provider.stop();
  await visitor.page.goto(new URL("/sign-on/back?code=1&state=1", demo.url).href);
  await visitor.page.getByText("统一身份认证没有通过").waitFor();
  await assertAccessible(visitor.page);
  await visitor.shot("sign on refused zh wide");
  visitor.expectProblem(/401/);
  await signIn(visitor.page, demo.url, loginOf(demo, "auditor"));
});
