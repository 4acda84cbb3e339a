import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/**/*.spec.ts"],
    // Playwright runs these.
    exclude: [...configDefaults.exclude, "e2e/console/**"],
    globalSetup: ["e2e/build.ts"],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    // Every file starts servers of its own; on two cores they would only slow each other down.
    fileParallelism: false,
    maxWorkers: 1,
  },
});
