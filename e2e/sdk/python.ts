import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { findPythonSdk } from "../python-sdk.ts";
import { sharedWorld } from "./shared-world.ts";
import {
  CHAT_MODELS,
  DOORS,
  EMBEDDING_MODELS,
  HELLO,
  VECTOR,
  VENDORS,
  WEATHER,
  type World,
} from "./world.ts";

const script = fileURLToPath(new URL("../python/conformance.py", import.meta.url));
const python = findPythonSdk();

/** The script's own list of cases, so that one that it loses is missed here. */
const CASES = [
  ...VENDORS.flatMap((vendor) =>
    ["chat_whole", "chat_stream", "stream_helper", "tool_loop", "tool_stream", "structured"].map(
      (name) => `${vendor} ${name}`,
    ),
  ),
  ...Object.keys(EMBEDDING_MODELS).flatMap((vendor) => [
    `${vendor} embeddings`,
    `${vendor} embeddings_float`,
  ]),
  "openai asynchronous",
  "models_list",
  "wrong_key",
  "unknown_model",
  "wrong_body",
  "raw_headers",
];

describe.skipIf(python === undefined).each(DOORS)(
  "the official Python SDK through the %s door",
  (door) => {
    let world: World;
    const outcomes = new Map<string, string | null>();

    beforeAll(async () => {
      world = await sharedWorld(door);
      for (const line of (await runScript(world)).trim().split("\n")) {
        const { name, error } = JSON.parse(line);
        outcomes.set(name, error);
      }
    });

    it.each(CASES)("%s", (name) => {
      expect(outcomes.has(name)).toBe(true);
      expect(outcomes.get(name)).toBeNull();
    });

    it("ran every case of the script", () => {
      expect([...outcomes.keys()].sort()).toEqual([...CASES].sort());
    });
  },
);

async function runScript(world: World): Promise<string> {
  const child = spawn(python ?? "", [script], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      CONDUIT_URL: world.gateway.url,
      CONDUIT_API_KEY: world.key,
      MODELS: JSON.stringify(CHAT_MODELS),
      EMBEDDING_MODELS: JSON.stringify(EMBEDDING_MODELS),
      EXPECTED: JSON.stringify({ hello: HELLO, weather: WEATHER, vector: VECTOR }),
    },
  });
  let output = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    output += text;
  }
  return output;
}
