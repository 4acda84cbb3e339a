import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { fillIn, findForeign, listPages } from "./surface.ts";

const WIDTHS = [320, 390, 768, 1280, 1920];
type Theme = "light" | "dark";

/** Further states of pages, by their address. */
const STATES = [
  "/audit?q=nothing-has-this",
  "/guardrails/new?type=pii",
  "/keys/[id]?tab=limits",
  "/keys/[id]?tab=snippets",
  "/models?tab=models",
  "/models/new?provider=openai",
  "/models/[deploymentId]?tab=circuit",
  "/models/[deploymentId]?tab=config",
];

/** Shows a theme as the person's choice would, with all colours at once. */
async function showTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate((name) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("*, ::before, ::after { transition: none !important; }");
    document.adoptedStyleSheets = [sheet];
    document.documentElement.dataset["theme"] = name;
  }, theme);
}

/** Nothing but colours hangs on the theme, so that only rules of colours are asked in the second. */
async function expectReadable(page: Page): Promise<void> {
  await showTheme(page, "light");
  await expectAccessible(page);
  await showTheme(page, "dark");
  await expectAccessible(page, { rules: ["color-contrast", "link-in-text-block"] });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoSidewaysScroll(page);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

test.use({ reducedMotion: "reduce" });
// They only look, and are the longest file.
test.describe.configure({ mode: "parallel" });

test.describe("every page, as an admin sees it", () => {
  const paths = [...listPages().map(({ path }) => path), ...STATES].sort();
  for (const [area, all] of Map.groupBy(paths, (path) => path.split(/[/?]/)[1])) {
    test(`/${area} can be read by everybody, at every width, in both themes`, async ({
      page,
      sql,
    }) => {
      test.setTimeout(60_000 * all.length);
      const foreign = await findForeign(sql);
      for (const path of all) {
        await test.step(path, async () => {
          await page.goto(fillIn(path, foreign));
          await expect(page.locator("main h1")).toHaveCount(1);
          await expect(page.locator("main h1")).toBeVisible();
          await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
          await expectReadable(page);
        });
      }
    });
  }
});

test.describe("pages for people who are not signed in", () => {
  test.use({ as: "guest" });

  for (const path of ["/sign-in", "/invite/not-a-token", "/reset/not-a-token"]) {
    test(`${path} can be read by everybody, at every width, in both themes`, async ({
      page,
      problems,
    }) => {
      problems.allow(/status of 404/);
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectReadable(page);
    });
  }
});

test("a person without a mouse reaches everything on a page, and sees where they are", async ({
  page,
}) => {
  await page.goto("/keys");
  await expect(page.locator("main h1")).toBeVisible();
  const reached = new Set<string>();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) {
        return null;
      }
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return {
        name: (element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40),
        isMarked: outlineStyle !== "none" && outlineWidth !== "0px",
      };
    });
    if (focus === null) {
      break;
    }
    expect(focus.isMarked, `the focus on "${focus.name}"`).toBe(true);
    reached.add(focus.name);
  }
  for (const name of ["Skip to the page", "Overview", "Settings", "Create key"]) {
    expect([...reached]).toContain(name);
  }
});
