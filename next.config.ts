import type { NextConfig } from "next";

// A prefix is part of the built pages, so it is read here and not by `lib/env.ts`.
// biome-ignore lint/style/noProcessEnv: the build runs before there is a process to configure.
const basePath = process.env["CONDUIT_BASE_PATH"] ?? "";

// A test builds for a prefix beside the build that is there.
// biome-ignore lint/style/noProcessEnv: as above.
const distDir = process.env["CONDUIT_TEST_DIST_DIR"] ?? ".next";

/**
 * The pages and the admin API. `/v1` does not come through here unless `CONDUIT_DOOR` says so:
 * `server.ts` answers it before Next sees it.
 */
const config: NextConfig = {
  basePath,
  distDir,
  // For `fetch` and plain links, which know nothing of Next's own prefixing.
  env: { NEXT_PUBLIC_CONDUIT_BASE_PATH: basePath },
  experimental: { authInterrupts: true },
  // API clients call paths with and without a slash, and many do not follow redirects of a POST.
  skipTrailingSlashRedirect: true,
  images: { unoptimized: true },
  poweredByHeader: false,
  devIndicators: false,
  typedRoutes: true,
  // `npm run types` checks them; doing it again would double the time to a first start.
  typescript: { ignoreBuildErrors: true },
  // Serverless hosts copy only what is traced; migrations and the thread for patterns are files.
  outputFileTracingIncludes: {
    "/**": [
      "./drizzle/migrations/**",
      "./lib/guardrails/rules/regex/*.ts",
      "./node_modules/re2js/package.json",
      "./node_modules/re2js/build/index.js",
    ],
  },
  // What opens sockets, starts threads or reads its own files has to be loaded by Node itself.
  serverExternalPackages: [
    "@electric-sql/pglite",
    "@electric-sql/pglite-pgvector",
    "@electric-sql/pglite-socket",
    "@pydantic/genai-prices",
    "@upstash/ratelimit",
    "@upstash/redis",
    "drizzle-orm",
    "gpt-tokenizer",
    "@node-rs/argon2",
    "ioredis",
    "next-auth",
    "pino",
    "postgres",
    "prom-client",
    "undici",
  ],
};

export default config;
