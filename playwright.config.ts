import { defineConfig } from "@playwright/test";
import { chromiumPath, isRoot, workerCount } from "./e2e/console/browser.ts";

/** The console in a real browser, against the built server with real stores: e2e/console/. */
export default defineConfig({
  testDir: "e2e/console",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results/console",
  snapshotPathTemplate: "{testDir}/snapshots/{arg}{ext}",
  globalSetup: "./e2e/console/global-setup.ts",
  // Each worker has a world of its own; the specs of a file run in order.
  workers: workerCount(),
  fullyParallel: false,
  timeout: 60_000,
  // A shared machine may stall a browser for seconds; what fails three times is broken.
  retries: 2,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 900 },
    // Recording every test would take a third of the time; what fails is recorded when it is repeated.
    trace: "on-first-retry",
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        // Root has no other sandbox to give than the machine's own.
        ...(isRoot() ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--force-color-profile=srgb",
        "--font-render-hinting=none",
        // A host that is neither localhost nor https: the clipboard and other powers are missing.
        "--host-resolver-rules=MAP console.test 127.0.0.1",
      ],
    },
  },
});
