/**
 * The layering law: imports only fall. Each row names a folder, what it may import, and why; what a
 * row does not name is forbidden. Type imports count too, since a type is knowledge of a neighbour.
 * `npm run walls` runs it; docs/architecture.md draws it.
 */
const further = require("./.dependency-cruiser-further.cjs");

const ROOMS = "(?:auth|limits|guardrails|cache|routing|providers|ledger)";
const OURS = "^(?:lib|app|drizzle|scripts|bench|eval|e2e)/|^server\\.ts$";
const FLOOR = "^lib/[^/]+\\.ts$";
const SHAPES = "^lib/(?:contract|catalog)/";
const STORES = "^lib/(?:db|redis)/";
const BROWSER_FLOOR = "^lib/(?:errors|ids|money|sse)\\.ts$";
const TESTS = "\\.test\\.tsx?$";
const ENTRIES = "^app/(?:\\(auth\\)/|(?:\\(console\\)/)?[^/]+$)";
const NEXT_DOORS = "^lib/(?:console/(?:viewer|sign-in|define-[a-z]+)|testing/fake-browser)\\.ts$";
const PAGE_FILES = "/(?:page|layout|actions|route)\\.tsx?$";

/** A row of the law: two rules, since tests may also use the test kit and look into the stores. */
function wall({ name, why, from, fromNot, may }) {
  const row = (suffix, path, extra) => ({
    name: `${name}${suffix}`,
    comment: why,
    severity: "error",
    from: path,
    to: { path: OURS, pathNot: [...may, ...extra] },
  });
  return [
    row("", { path: from, pathNot: [...(fromNot ?? []), TESTS] }, []),
    row("-tests", { path: `(?=.*${TESTS})${from}`, pathNot: fromNot ?? [] }, [
      "^lib/testing/",
      "^drizzle/",
      STORES,
    ]),
  ];
}

const WALLS = [
  {
    name: "floor",
    why: "The floor stands on packages and on itself.",
    from: FLOOR,
    may: [FLOOR],
  },
  {
    name: "shapes",
    why: "Shapes and facts run in a browser too.",
    from: SHAPES,
    may: [SHAPES, "^lib/(?:money|errors|ids)\\.ts$"],
  },
  {
    name: "schema",
    why: "Tables describe; they do no work.",
    from: "^drizzle/schema/",
    may: ["^drizzle/schema/", SHAPES],
  },
  {
    name: "db",
    why: "SQL knows tables and shapes, and nobody above it.",
    from: "^lib/db/",
    may: ["^lib/db/", "^drizzle/", SHAPES, FLOOR],
  },
  {
    name: "redis",
    why: "A store knows shapes, and nobody above it.",
    from: "^lib/redis/",
    may: ["^lib/redis/", SHAPES, FLOOR],
  },
  {
    name: "room",
    why: "Rooms never meet: what two of them share lives below both, or is handed in.",
    from: `^lib/(${ROOMS})/`,
    fromNot: ["^lib/providers/(?:wires|codec)/"],
    may: ["^lib/$1/", STORES, SHAPES, FLOOR],
  },
  {
    name: "codec",
    why: "What wires share is pure, and knows no wire.",
    from: "^lib/providers/codec/",
    may: ["^lib/providers/(?:codec/|wire\\.ts$)", SHAPES, "^lib/(?:sse|errors|ids)\\.ts$"],
  },
  {
    name: "wire",
    why: "A wire is pure and never knows another wire; parts they share live in the codec folder.",
    from: "^lib/providers/wires/([a-z0-9]+)[-./]",
    fromNot: ["^lib/providers/wires/(?:index|[^/]+\\.test)\\.ts$", "/__fixtures__/"],
    may: [
      "^lib/providers/wires/(?:$1[-./]|__fixtures__/)",
      "^lib/providers/(?:codec/|wire\\.ts$)",
      SHAPES,
      "^lib/(?:sse|errors|ids)\\.ts$",
    ],
  },
  {
    name: "wire-index",
    why: "The list of wires, and the suite that all of them share.",
    from: "^lib/providers/wires/(?:(?:index|[^/]+\\.test)\\.ts$|__fixtures__/)",
    may: ["^lib/providers/", SHAPES, FLOOR],
  },
  {
    name: "gateway",
    why: "The gateway conducts rooms; it knows neither the console nor the pages.",
    from: "^lib/gateway/",
    may: ["^lib/gateway/", `^lib/${ROOMS}/`, STORES, SHAPES, FLOOR],
  },
  {
    name: "console",
    why: "The console conducts rooms; it knows neither the gateway nor the pages.",
    from: "^lib/console/",
    may: ["^lib/console/", `^lib/${ROOMS}/`, STORES, SHAPES, FLOOR],
  },
  {
    name: "machine-door",
    why: "The doors for machines hold no rules: they hand over to the gateway.",
    from: "^server\\.ts$|^app/v1/|^app/api/cron/",
    may: ["^lib/gateway/", "^lib/contract/", FLOOR, "^app/v1/"],
  },
  {
    name: "documents",
    why: "The API's documents are made from the contract alone.",
    from: "^app/(docs|redoc|openapi\\.json)/",
    may: ["^app/$1/", "^lib/contract/", FLOOR],
  },
  {
    name: "command-line",
    why: "Scripts are doors: they call the console and never a room.",
    from: "^scripts/",
    may: ["^scripts/", "^lib/(?:console|db)/", SHAPES, FLOOR],
  },
  {
    name: "benchmark",
    why: "A benchmark starts the real programs, as the test kit does, and calls no room.",
    from: "^bench/",
    fromNot: ["^bench/guardrails/"],
    may: ["^bench/", "^lib/testing/", FLOOR],
  },
  {
    name: "measurement",
    why: "What rooms find, and what a step of a request costs, is measured on them alone.",
    from: "^eval/|^bench/guardrails/",
    may: ["^(?:eval|bench)/", "^lib/(?:guardrails|cache|testing)/", STORES, SHAPES, FLOOR],
  },
  {
    name: "console-page",
    why: "Pages, actions and admin routes fetch through the console and compose.",
    from: "(?=.*/(?:page|layout|actions|route)\\.tsx?$)^app/\\(console\\)/([^/]+)/",
    may: ["^lib/console/", SHAPES, BROWSER_FLOOR, "^app/_ui/", "^app/\\(console\\)/$1/"],
  },
  {
    name: "admin-route",
    why: "An admin route is one call of the console, and knows no other resource's folder.",
    from: "^app/admin/(?:v1/)?([^/]+)",
    may: ["^lib/console/", SHAPES, BROWSER_FLOOR, "^app/admin/(?:v1/)?$1/"],
  },
  {
    name: "api-route",
    why: "The console's own endpoints call the console.",
    from: "^app/api/([^/]+)/",
    fromNot: ["^app/api/cron/"],
    may: ["^lib/console/", SHAPES, BROWSER_FLOOR, "^app/_ui/", "^app/api/$1/"],
  },
  {
    name: "entry-page",
    why: "Sign-in, the frame and the error pages fetch through the console too.",
    from: ENTRIES,
    may: ["^lib/console/", SHAPES, BROWSER_FLOOR, "^app/_ui/", ENTRIES],
  },
  {
    name: "component",
    why: "Components run in a browser and belong to their page until a second one needs them.",
    from: "^app/\\(console\\)/([^/]+)/",
    fromNot: [PAGE_FILES],
    may: [SHAPES, "^lib/(?:money|errors|sse)\\.ts$", "^app/_ui/", "^app/\\(console\\)/$1/"],
  },
  {
    name: "shared-component",
    why: "Shared components run in a browser and know no page.",
    from: "^app/_ui/",
    may: [SHAPES, "^lib/(?:money|errors|sse)\\.ts$", "^app/_ui/"],
  },
  {
    name: "end-to-end",
    why: "End-to-end tests come in through the public doors, and read the database afterwards.",
    from: "^e2e/",
    may: ["^e2e/", "^lib/(?:testing|db)/", "^drizzle/", SHAPES, FLOOR],
  },
];

module.exports = {
  forbidden: [
    ...WALLS.flatMap(wall),
    ...further({ OURS, SHAPES, BROWSER_FLOOR, NEXT_DOORS, TESTS }),
  ],
  options: {
    // Under TypeScript 7 only swc can read the sources; without it no module would be cruised.
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(?:^|/)(?:\\.next|node_modules/\\.cache|bench/\\.peers)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types"] },
  },
};
