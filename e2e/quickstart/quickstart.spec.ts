import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { chatReply } from "#lib/testing/openai-replies.ts";
import { type ServerProcess, startServer } from "#lib/testing/process.ts";
import { findPythonSdk } from "../python-sdk.ts";
import { requireBlock } from "./code-blocks.ts";

const run = promisify(execFile);
const PAGE = "README.md";
const ANSWER = "Hello! How can I help you today?";
/** The page speaks of this port, and the page is followed to the letter. */
const PORT = 8000;
const python = findPythonSdk();

/** `make dev`, and then the page's steps as they stand there; only two values are put in. */
describe("the quick start, word for word", () => {
  let directory: string;
  let upstream: FakeUpstream;
  let server: ServerProcess;
  let key = "";

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "conduit-quickstart-"));
    upstream = await startFakeUpstream(() => chatReply(ANSWER));
    server = await startServer({
      command: ["make", "dev"],
      port: PORT,
      env: { HOST: undefined, NODE_ENV: undefined },
      readyWithinMs: 180_000,
    });
  });

  afterAll(async () => {
    await server?.close();
    await upstream?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("registers a provider", async () => {
    const { code } = requireBlock(PAGE, "Register a provider");
    const script = withValues(code, {
      "https://api.openai.com/v1": `${upstream.url}/v1`,
      "sk-your-openai-key": "sk-key-of-the-test",
    });
    const made = JSON.parse(await bash(script));
    expect(made).toMatchObject({ name: "my-gpt5", provider: "openai", model_name: "gpt-5.2" });
  });

  it("creates an API key", async () => {
    const made = JSON.parse(await bash(requireBlock(PAGE, "Create an API key").code));
    expect(made.key).toMatch(/^cnd_sk_[0-9A-Za-z]{49}$/);
    expect(made.alias).toBe("dev-key");
    key = made.key;
  });

  it.skipIf(python === undefined)("uses it from Python", async () => {
    const { code } = requireBlock(PAGE, "Use it");
    const file = join(directory, "use_it.py");
    writeFileSync(file, withValues(code, { "cnd_sk_...": key }));
    const { stdout } = await run(python ?? "", [file], { timeout: 60_000 });
    expect(stdout).toBe(`${ANSWER}\n`);
    const [request] = upstream.requests;
    expect(request?.headers.authorization).toBe("Bearer sk-key-of-the-test");
    expect(request?.json()).toMatchObject({
      model: "gpt-5.2",
      messages: [{ role: "user", content: "Hello!" }],
    });
  });

  it("answers without a provider key", async () => {
    await bash(requireBlock(PAGE, "No provider key at hand").code);
    const reply = await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "echo", messages: [{ role: "user", content: "Anyone?" }] }),
    });
    expect(reply.status).toBe(200);
    expect(JSON.stringify(await reply.json())).toContain("Anyone?");
    expect(reply.headers.get("x-conduit-provider")).toBe("mock");
  });

  it.each(["/docs", "/redoc"])("serves the documentation at %s", async (path) => {
    const reply = await fetch(`${server.url}${path}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toContain("text/html");
  });

  async function bash(script: string): Promise<string> {
    const { stdout } = await run("bash", ["-euc", script], { cwd: directory, timeout: 120_000 });
    return stdout;
  }
});

/** Puts values in; throws when the page no longer has the text that they replace. */
function withValues(code: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) {
      throw new Error(`"${from}" does not stand exactly once in:\n${text}`);
    }
    return text.replace(from, to);
  }, code);
}
