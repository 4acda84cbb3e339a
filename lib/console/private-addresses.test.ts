import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getSql } from "#lib/db/client.ts";
import { refreshSnapshot } from "#lib/db/snapshot.ts";
import { isConduitError } from "#lib/errors.ts";
import { newId } from "#lib/ids.ts";
import { postJson } from "#lib/providers/guarded-post.ts";
import { fetchPublicBytes } from "#lib/providers/media.ts";
import { type AdminApi, openAdminApi } from "#lib/testing/admin-api.ts";
import { LOOPBACK_HOSTS, PRIVATE_HOSTS } from "#lib/testing/private-hosts.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { recordFigure } from "#lib/testing/tier.ts";
import type { Actor } from "./actor.ts";
import { prepareTest } from "./deployment-test.ts";
import { discover } from "./sso-discovery.ts";

const ADMIN: Actor = { principal: { kind: "admin_key" }, ip: null, requestId: newId() };

let api: AdminApi;
let oracle: Server;
let port = 0;
let connections = 0;

beforeAll(async () => {
  // Nothing private is allowed, as in production on a Postgres of one's own.
  api = await openAdminApi({ CONDUIT_EGRESS_ALLOW: "203.0.113.77" });
  oracle = createServer((socket) => {
    connections += 1;
    socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
  });
  // On every address of this machine, of both families where it has both.
  await new Promise<void>((resolve) => oracle.listen(0, resolve));
  const address = oracle.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});

afterAll(async () => {
  oracle.close();
  await api.close();
});

const urlTo = (host: string) => `http://${host}:${port}/v1`;
const HOSTS = ["localhost", ...LOOPBACK_HOSTS];

const deployment = (host: string) => ({
  name: `d-${newId().slice(-12)}`,
  provider: "openai_compatible",
  model_name: "m",
  api_base: urlTo(host),
  api_key: "sk-0123456789",
});

describe(threat("T1"), () => {
  it("no spelling of a private host is taken when a deployment is made or changed", async () => {
    const { id } = await api.ok("POST", "/models/deployments", {
      ...deployment("x"),
      api_base: "https://api.example.com/v1",
    });
    const taken: string[] = [];
    for (const host of PRIVATE_HOSTS) {
      const made = await api.call("POST", "/models/deployments", { body: deployment(host) });
      const changed = await api.call("PATCH", `/models/deployments/${id}`, {
        body: { api_base: urlTo(host), api_key: "sk-0123456789" },
      });
      for (const { status, body } of [made, changed]) {
        if (status !== 400 || body.error.param !== "api_base") {
          taken.push(`${host}: ${status} ${JSON.stringify(body)}`);
        }
      }
    }
    expect(taken).toEqual([]);
  });

  it("no connection test goes there, of a draft or of a row that was written by hand", async () => {
    const id = newId();
    for (const host of HOSTS) {
      const { name: _name, ...draft } = deployment(host);
      const outcome = await prepareTest(ADMIN, {
        draft: { ...draft, provider: "openai_compatible" },
      }).then(
        async (test) => (await test({})).ok,
        (error: unknown) => isConduitError(error) && error.status === 400,
      );
      // Refused as a draft, or tried in vain where only the name's addresses tell.
      expect(outcome, host).toBe(host !== "localhost");
    }
    await getSql()`
      insert into deployments (id, name, provider, model_name, api_base)
      values (${id}, 'by-hand', 'openai_compatible', 'm', 'https://api.example.com/v1')`;
    for (const host of HOSTS) {
      await getSql()`update deployments set api_base = ${urlTo(host)} where id = ${id}`;
      await refreshSnapshot();
      const { body } = await api.call("POST", `/models/deployments/${id}/test`);
      expect(body.ok, host).toBe(false);
    }
  });

  it("no service of a guardrail, no issuer and no image is fetched from there", async () => {
    const { signal } = new AbortController();
    for (const host of HOSTS) {
      const url = urlTo(host);
      const refused = { code: "upstream_refused_address" };
      await expect(postJson({ url, headers: {}, body: "{}", signal }), host).rejects.toMatchObject(
        refused,
      );
      await expect(discover(url, { fresh: true }), host).rejects.toMatchObject(refused);
      await expect(fetchPublicBytes(url, signal), host).rejects.toBeDefined();
    }
  });

  it("no rule is saved that asks a service there", async () => {
    const taken: string[] = [];
    for (const host of PRIVATE_HOSTS) {
      const rule = { name: `r-${newId()}`, stage: "pre", action: "block", mode: "shadow" };
      const webhook = { ...rule, type: "webhook", secret: "a-secret-0123456789" };
      const bodies = [
        { ...webhook, config: { url: urlTo(host) } },
        { ...rule, type: "presidio", config: { analyzer_url: urlTo(host) } },
      ];
      for (const body of bodies) {
        const reply = await api.call("POST", "/guardrails/rules", { body });
        if (reply.status !== 400) {
          taken.push(`${body.type} ${host}: ${reply.status}`);
        }
      }
    }
    expect(taken).toEqual([]);
  });

  it("nobody was there", () => {
    const tried = new Set([...PRIVATE_HOSTS, ...HOSTS]).size;
    recordFigure({
      figure: "S21.spellings",
      value: `${connections} of ${tried}`,
      met: connections === 0 && tried >= 120,
      how: "Made, changed, tested, judged, signed in by and fetched; a listener on this machine counts",
    });
    expect(connections).toBe(0);
  });
});
