/** Rules about packages, and about folders that are not rooms. The folders come from the law's table. */
module.exports = ({ OURS, SHAPES, BROWSER_FLOOR, NEXT_DOORS, TESTS }) =>
  [
    {
      name: "test-kit-in-tests-only",
      comment: "The test kit is for tests and measurements.",
      from: { pathNot: [TESTS, "^(?:lib/testing|e2e|bench|eval)/", "\\.config\\.ts$"] },
      to: { path: "^lib/testing/" },
    },
    {
      name: "browser-safe-builtins",
      comment: "What a browser loads imports nothing of Node's.",
      from: { path: [SHAPES, BROWSER_FLOOR], pathNot: [TESTS] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "shapes-packages",
      comment: "Shapes are made of zod alone.",
      from: { path: SHAPES, pathNot: [TESTS] },
      to: { path: "node_modules/", pathNot: "node_modules/(?:zod|zod-openapi)/" },
    },
    {
      name: "schema-packages",
      comment: "Tables are made of drizzle alone.",
      from: { path: "^drizzle/schema/", pathNot: [TESTS] },
      to: { path: "node_modules/", pathNot: "node_modules/drizzle-orm/" },
    },
    {
      name: "one-way-out",
      comment: "Only the providers' caller talks to an upstream, behind the egress checks.",
      from: {
        path: "^(?:lib|app|drizzle)/|^server\\.ts$",
        pathNot: [
          TESTS,
          "^lib/(?:providers/(?:call|egress|guarded-connect|transport)\\.ts$|testing/)",
        ],
      },
      to: { path: "node_modules/undici/" },
    },
    {
      name: "next-at-the-doors",
      comment:
        "Plain Node cannot import next: only pages, routes and the console's few adapters do.",
      from: {
        path: "^(?:lib|drizzle|scripts)/",
        pathNot: [NEXT_DOORS, TESTS],
      },
      to: { path: "node_modules/(?:next|next-auth)/" },
    },
    {
      name: "shipped-packages",
      comment: "Code that is shipped imports no package of the workshop.",
      from: { path: "^(?:lib|app|drizzle)/|^server\\.ts$", pathNot: [TESTS, "^lib/testing/"] },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "resolvable",
      comment: "Every import leads somewhere.",
      from: { path: OURS },
      to: { couldNotResolve: true },
    },
    {
      name: "no-cycles",
      comment: "Imports only fall. A type that two files of one folder share is no call.",
      from: { path: OURS },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ].map((rule) => ({ severity: "error", ...rule }));
