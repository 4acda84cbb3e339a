import { authenticateAdmin } from "#lib/auth/admin.ts";
import { ConduitError, errorBody, errorHeaders, toConduitError } from "#lib/errors.ts";
import { runJobs } from "./jobs.ts";
import { start } from "./start.ts";

/**
 * The door for a scheduler of a serverless host, where no process stays to run background work. It
 * takes the admin key as a bearer token; Vercel sends its `CRON_SECRET` that way.
 */
export async function serveCron(request: Request): Promise<Response> {
  try {
    await start();
    const principal = await authenticateAdmin({
      authorization: request.headers.get("authorization") ?? undefined,
      apiKey: undefined,
    });
    if (principal.kind !== "admin_key") {
      throw new ConduitError("permission_denied", { message: "This needs the admin key." });
    }
    await runJobs();
    return Response.json({ status: "ok" });
  } catch (thrown) {
    const error = toConduitError(thrown);
    return Response.json(errorBody(error), { status: error.status, headers: errorHeaders(error) });
  }
}
