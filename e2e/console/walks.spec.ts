import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./fixtures.ts";
import { fillIn, findForeign, listPages } from "./surface.ts";

const WIDTHS = [320, 390, 768, 1280, 1920];
const THEMES = ["light", "dark"] as const;

/** Shows a theme as the person's choice would, and waits for colours that change slowly. */
async function showTheme(page: import("@playwright/test").Page, theme: string): Promise<void> {
  await page.evaluate((name) => {
    document.documentElement.dataset["theme"] = name;
  }, theme);
  await page.waitForTimeout(200);
}

test.use({ reducedMotion: "reduce" });

test.describe("every page, as an admin sees it", () => {
  for (const { path } of listPages()) {
    test(`${path} can be read by everybody, at every width, in both themes`, async ({
      page,
      sql,
    }) => {
      test.slow();
      await page.goto(fillIn(path, await findForeign(sql)));
      await expect(page.locator("main h1")).toHaveCount(1);
      await expect(page.locator("main h1")).toBeVisible();
      await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
      for (const theme of THEMES) {
        await showTheme(page, theme);
        await expectAccessible(page);
      }
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await expectNoSidewaysScroll(page);
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
      for (const theme of THEMES) {
        await showTheme(page, theme);
        await expectAccessible(page);
      }
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await expectNoSidewaysScroll(page);
      }
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
