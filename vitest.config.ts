import { defineConfig } from "vitest/config";
import { isLostTypeQuery } from "./lib/db/lost-type-query.ts";

export default defineConfig({
  test: {
    include: [
      "lib/**/*.test.ts",
      "drizzle/**/*.test.ts",
      "app/**/*.test.ts",
      "scripts/**/*.test.ts",
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests wait for stores and clocks a third of their time, so that three keep two cores busy.
    maxWorkers: 3,
    // Tests that break connections meet it, and the server takes it for nothing too.
    onUnhandledError: (error) => !isLostTypeQuery(error),
  },
});
