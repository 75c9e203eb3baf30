// The reference of the API in a browser: drawn from this server's own files, with nothing inline and nothing from outside.

import { after, before } from "node:test";
import { journey, startDemo } from "./harness.mjs";

let demo;

before(async () => (demo = await startDemo()));
after(() => demo.stop());

journey("the reference of the API draws its calls under a policy that runs nothing inline", async ({ page }) => {
  await page.goto(`${demo.url}/api/reference/`);
  const call = page.locator(".opblock").filter({ hasText: "/api/v1/timetable" }).first();
  await call.waitFor();
  await call.locator("button").first().click();
  await call.getByText("Parameters").first().waitFor();
});
