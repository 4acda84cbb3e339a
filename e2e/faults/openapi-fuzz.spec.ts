import { Validator } from "@cfworker/json-schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeDice } from "#lib/testing/fuzz.ts";
import { threat } from "#lib/testing/reliability-rows.ts";
import { type Schema, type Schemas, sampleOf } from "#lib/testing/schema-samples.ts";
import { byTier, recordFigure } from "#lib/testing/tier.ts";
import { ask } from "./client.ts";
import { type FaultWorld, startFaultWorld } from "./world.ts";

const CALLS = byTier({ quick: 6, all: 300 });
const MODEL = "echo";
/** Ends what the next calls need, or takes its time by design. */
const LEFT_OUT = new Set(["post /admin/v1/jobs/{name}/run"]);
const JSON_TYPE = "application/json";

interface Operation {
  method: string;
  path: string;
  parameters: { in: "path" | "query"; name: string; required?: boolean; schema: Schema }[];
  body: Schema | undefined;
  /** Schemas of documented answers by status; `default` is the error. */
  answers: Record<string, Schema | undefined>;
}

interface Document {
  paths: Record<string, Record<string, Record<string, unknown>>>;
  components: { schemas: Schemas };
}

let world: FaultWorld;
let key = "";
let document: Document;

beforeAll(async () => {
  world = await startFaultWorld({ store: "embedded" });
  await world.gateway.addDeployment({ name: MODEL, provider: "mock", model_name: MODEL });
  ({ key } = await world.gateway.addKey());
  const reply = await fetch(`${world.gateway.url}/openapi.json`);
  document = (await reply.json()) as Document;
});

afterAll(() => world.close());

describe(threat("T24"), () => {
  it("every documented operation answers as documented, whatever fits its schema or does not", async () => {
    const operations = operationsOf(document).filter(
      ({ method, path }) => !LEFT_OUT.has(`${method} ${path}`),
    );
    expect(operations.length).toBeGreaterThan(80);
    const dice = makeDice();
    const known: string[] = [];
    const findings: string[] = [];
    for (let round = 0; round < CALLS; round += 1) {
      for (const operation of operations) {
        const tools = { schemas: document.components.schemas, dice, known };
        const call = callOf(operation, tools, round % 3 === 2);
        const finding = await check(operation, call, known);
        if (finding !== undefined) {
          findings.push(finding);
        }
      }
    }
    expect(findings.slice(0, 20)).toEqual([]);
    const { status } = await ask({ url: world.gateway.url, key, model: MODEL });
    // The key or the model may have been deleted on the way; the process is what has to be there.
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    recordFigure({
      figure: "S1.openapi",
      value: `0 of ${CALLS * operations.length} API calls`,
      met: true,
      how: `made from /openapi.json for ${operations.length} operations`,
    });
  }, 1_200_000);
});

interface Call {
  url: string;
  body: unknown;
  /** The body has a field that no operation of the admin API knows. */
  isSpoiled: boolean;
}

function callOf(operation: Operation, tools: Tools, spoil: boolean): Call {
  const body = operation.body === undefined ? undefined : sampleOf(operation.body, tools);
  const isSpoiled = spoil && typeof body === "object" && body !== null && !Array.isArray(body);
  return {
    url: `${world.gateway.url}${addressOf(operation, tools)}`,
    body: isSpoiled ? { ...body, no_such_field: 1 } : body,
    isSpoiled: isSpoiled && operation.path.startsWith("/admin/"),
  };
}

type Tools = Parameters<typeof sampleOf>[1];

/** The path with its parameters, and the query with all that it must have and some that it may. */
function addressOf(operation: Operation, tools: Tools): string {
  const query = new URLSearchParams();
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = sampleOf(parameter.schema, tools);
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    if (parameter.in === "path") {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(text === "" ? "x" : text));
    } else if (parameter.required === true || tools.dice.below(4) === 0) {
      query.set(parameter.name, text);
    }
  }
  return query.size === 0 ? path : `${path}?${query}`;
}

/** Makes a call and says what is wrong with its answer, if anything is. */
async function check(
  operation: Operation,
  call: Call,
  known: string[],
): Promise<string | undefined> {
  const reply = await send(operation, call);
  const text = await reply.text();
  const fault = faultOf(operation, call, reply, text);
  if (fault === undefined && text.startsWith("{")) {
    learnIds(text, known);
  }
  return fault === undefined
    ? undefined
    : `${fault}: ${operation.method} ${call.url} ${JSON.stringify(call.body)} → ${reply.status} ${text.slice(0, 300)}`;
}

function send(operation: Operation, call: Call): Promise<Response> {
  const isAdmin = operation.path.startsWith("/admin/");
  const hasBody = call.body !== undefined;
  return fetch(call.url, {
    method: operation.method.toUpperCase(),
    redirect: "manual",
    headers: {
      authorization: `Bearer ${isAdmin ? world.gateway.adminKey : key}`,
      ...(hasBody ? { "content-type": JSON_TYPE } : {}),
    },
    ...(hasBody ? { body: JSON.stringify(call.body) } : {}),
  });
}

function faultOf(
  operation: Operation,
  call: Call,
  reply: Response,
  text: string,
): string | undefined {
  if (reply.status === 500) {
    return "crashed";
  }
  if (call.isSpoiled && reply.status < 400) {
    return "took an unknown field";
  }
  if (reply.headers.get("content-type")?.startsWith(JSON_TYPE) !== true) {
    return reply.ok ? undefined : "is no JSON";
  }
  const schema = operation.answers[String(reply.status)] ?? operation.answers["default"];
  const isKnown = schema === undefined || fits(schema, JSON.parse(text));
  return isKnown ? undefined : "is not as documented";
}

function fits(schema: Schema, value: unknown): boolean {
  const whole = { ...schema, components: document.components };
  return new Validator(whole, "2020-12", false).validate(value).valid;
}

/** Ids of what is there make the next calls meet it. */
function learnIds(json: string, known: string[]): void {
  for (const [, id = ""] of json.matchAll(/"id":"([0-9a-f-]{36})"/g)) {
    if (!known.includes(id) && known.length < 200) {
      known.push(id);
    }
  }
}

function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      method,
      path,
      parameters: (described["parameters"] ?? []) as Operation["parameters"],
      body: contentOf(described["requestBody"]),
      answers: Object.fromEntries(
        Object.entries((described["responses"] ?? {}) as Record<string, unknown>).map(
          ([status, answer]) => [status, contentOf(answer)],
        ),
      ),
    })),
  );
}

function contentOf(described: unknown): Schema | undefined {
  const { content } = (described ?? {}) as { content?: Record<string, { schema: Schema }> };
  return content?.[JSON_TYPE]?.schema;
}
