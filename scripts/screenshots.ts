import { mkdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";

/**
 * Takes the pictures of the README from a server with the demonstration data:
 * `npm run screenshots -- --url http://localhost:8000 --browser /usr/bin/chromium`.
 */
const PICTURES = [
  { name: "overview", path: "/overview?range=7d", theme: "light" },
  { name: "logs", path: "/logs?range=7d", theme: "light" },
  { name: "keys", path: "/keys", theme: "dark" },
  { name: "usage", path: "/usage?range=30d", theme: "dark" },
] as const;

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:8000" },
    out: { type: "string", default: "docs/images" },
    email: { type: "string", default: "admin@example.com" },
    password: { type: "string", default: "conduit-demo-password" },
    browser: { type: "string", default: "/usr/bin/chromium" },
  },
});

mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch({
  executablePath: values.browser,
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  const context = await browser.newContext({
    baseURL: values.url,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(values.email);
  await page.getByLabel("Password", { exact: true }).fill(values.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/sign-in"));
  for (const { name, path, theme } of PICTURES) {
    await page.goto(path);
    await page.evaluate((shown) => {
      document.documentElement.dataset["theme"] = shown;
    }, theme);
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${values.out}/${name}.png` });
    console.log(`${values.out}/${name}.png`);
  }
} finally {
  await browser.close();
}
