import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { ACTIONS } from "../catalog/roles.ts";
import { makeOpenApiDocument } from "./openapi.ts";
import { ADMIN_OPERATIONS } from "./openapi-admin.ts";
import { INFERENCE_OPERATIONS } from "./openapi-inference.ts";

const document = makeOpenApiDocument({ basePath: "/prefix" });

test("ReDoc's own parser finds nothing wrong with the document", async () => {
  const require = createRequire(createRequire(import.meta.url).resolve("redoc/package.json"));
  const { createConfig, lintFromString } = require("@redocly/openapi-core");
  const config = await createConfig({
    rules: {
      struct: "error",
      "no-unresolved-refs": "error",
      "operation-operationId-unique": "error",
      "path-declaration-must-exist": "error",
      "path-parameters-defined": "error",
      "no-ambiguous-paths": "error",
      "no-identical-paths": "error",
      "no-enum-type-mismatch": "error",
      "no-schema-type-mismatch": "error",
      "security-defined": "error",
      "operation-summary": "error",
    },
  });

  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: "openapi.json",
    config,
  });

  expect(problems.map((problem: { message: string }) => problem.message)).toEqual([]);
});

test("it is of version 3.1, has both APIs, and is served below the base path", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(document.servers).toEqual([{ url: "/prefix" }]);
  const paths = Object.keys(document.paths ?? {});
  expect(paths).toContain("/v1/chat/completions");
  expect(paths).toContain("/admin/v1/keys/{id}/rotate");
  expect(makeOpenApiDocument({ basePath: "" }).servers).toEqual([{ url: "/" }]);
});

test("a body that refuses unknown fields says so, and one that passes them on does too", () => {
  const schemas = document.components?.schemas ?? {};
  expect(schemas["ApiKeyCreate"]).toMatchObject({ additionalProperties: false });
  expect(schemas["ChatCompletionRequest"]).toMatchObject({ additionalProperties: {} });
});

test("every operation has a name of its own, and every scope guards one, names a field or is for people", () => {
  const ids = [...ADMIN_OPERATIONS, ...INFERENCE_OPERATIONS].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const scopes = new Set(ADMIN_OPERATIONS.map(({ scope }) => scope));
  const ofFields = ACTIONS.filter((action) => !scopes.has(action));
  expect(ofFields).toEqual([
    "key.budget.set",
    "key.limits.set",
    "user.role.set",
    "user.suspend",
    "user.invite",
    "user.budget.set",
    "team.budget.set",
    "team.limits.set",
    "deployment.secret.set",
    "deployment.api_base.set",
    "deployment.price.set",
    // What only the console does, for somebody who is signed in.
    "playground.use",
    "budget.reset",
    "organization.budget.set",
    "log.export",
    "audit.export",
    "profile.use",
    "view.save",
    "sso.set",
  ]);
});
