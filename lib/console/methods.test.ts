import { expect, test } from "vitest";
import { ADMIN_OPERATIONS } from "#lib/contract/openapi-admin.ts";
import { listAdminRoutes } from "#lib/testing/admin-api.ts";

test("the OpenAPI document and the route files describe the same API", async () => {
  const documented = ADMIN_OPERATIONS.map(
    ({ method, path }) => `${method.toUpperCase()} ${path}`,
  ).toSorted();

  // Nothing is started here, and routes that say so would fill the output.
  process.env["CONDUIT_LOG_LEVEL"] = "silent";
  const routes = await listAdminRoutes();

  const served = routes.flatMap(({ address, methods }) =>
    methods.map((method) => `${method} ${address}`),
  );
  expect(served.toSorted()).toEqual(documented);
});
