import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Secret } from "#lib/crypto.ts";
import type { RemoteContext } from "#lib/guardrails/define-rule.ts";
import { getRule } from "#lib/guardrails/rules/index.ts";
import { threat } from "#lib/testing/reliability-rows.ts";

const SECRET = "a-signing-secret-0123456789";
const guide = fileURLToPath(new URL("../../docs/how-to/let-a-service-judge.md", import.meta.url));

/** What a webhook was sent, byte for byte. */
async function sentRequest(): Promise<{ signature: string; body: string }> {
  const sent: { signature: string; body: string }[] = [];
  const context: RemoteContext = {
    stage: "pre",
    countTokens: () => 0,
    signal: new AbortController().signal,
    secret: new Secret(SECRET),
    powers: {
      ask: () => Promise.reject(new Error("It asks no model.")),
      moderate: () => Promise.reject(new Error("It asks no model.")),
      post: ({ headers, body }) => {
        sent.push({ signature: headers["x-conduit-signature"] ?? "", body });
        return Promise.resolve({ status: 200, body: '{"verdict":"pass"}' });
      },
    },
  };
  const rule = getRule("webhook");
  const check = rule?.compile(rule.config.parse({ url: "https://checks.example.com/" }));
  await check?.check([{ path: "messages[0].content", origin: "user", text: "Grüße 🐙" }], context);
  const [request] = sent;
  if (request === undefined) {
    throw new Error("The webhook was not asked.");
  }
  return request;
}

function sign(seconds: number, body: string, secret = SECRET): string {
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${mac}`;
}

/** The receiver of our own guide, run on requests. */
function judge(requests: readonly { signature: string; body: string }[]): boolean[] {
  const [, sample = ""] = /```python\n([\s\S]*?)```/.exec(readFileSync(guide, "utf8")) ?? [];
  expect(sample).toContain("def is_from_conduit");
  const program = `${sample}
import json, sys
def ask(one):
    try:
        return is_from_conduit("${SECRET}", one["signature"], one["body"].encode())
    except Exception:
        return False
print(json.dumps([ask(one) for one in json.load(sys.stdin)]))`;
  const run = spawnSync("python3", ["-c", program], { input: JSON.stringify(requests) });
  expect(run.status, String(run.stderr)).toBe(0);
  return JSON.parse(String(run.stdout));
}

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.runIf(hasPython)(`${threat("T37")}: the receiver of the guide`, () => {
  it("takes what was sent just now, and nothing that was changed, signed by others or played again", async () => {
    const fresh = await sentRequest();
    const now = Math.floor(Date.now() / 1000);
    const { body } = fresh;
    const [seconds = "", mac = ""] = fresh.signature.split(",");
    expect(
      judge([
        fresh,
        { ...fresh, body: `${body} ` },
        { ...fresh, body: body.replace("Gr", "gr") },
        // The same request with a later time, which its signature does not cover.
        { body, signature: `t=${now + 1},${mac}` },
        { body, signature: `${seconds},v1=${"0".repeat(64)}` },
        { body, signature: sign(now, body, "another secret") },
        // Played again five minutes later, and one that is dated ahead.
        { body, signature: sign(now - 301, body) },
        { body, signature: sign(now + 400, body) },
        { body, signature: "" },
      ]),
    ).toEqual([true, false, false, false, false, false, false, false, false]);
  });
});
