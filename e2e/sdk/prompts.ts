import { APIError } from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { chatReply, chatStreamReply } from "#lib/testing/openai-replies.ts";
import { sharedWorld } from "./shared-world.ts";
import { BYTES_MODEL, DOORS, type World } from "./world.ts";

/** Managed prompts, as an app that uses the official SDK would ask for them. */
describe.each(DOORS)("managed prompts through the %s door, with the official Node SDK", (door) => {
  let world: World;

  beforeAll(async () => {
    world = await sharedWorld(door);
    await world.gateway.admin("POST", "/prompts", {
      name: "greeting",
      messages: [{ role: "system", content: "Greet {{name}}, {{times}} times." }],
      variables: [{ name: "times", type: "number", default: 1 }],
      model_hint: BYTES_MODEL,
      labels: ["production"],
    });
  });

  const ask = (prompt: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    world.client.chat.completions.create({
      model: BYTES_MODEL,
      messages: [],
      ...more,
      // What the SDK does not know it sends as it is.
      conduit_prompt: { name: "greeting", ...prompt },
    } as Parameters<typeof world.client.chat.completions.create>[0]);

  it("puts the prompt's messages before the request's own, whole and streamed", async () => {
    for (const stream of [false, true]) {
      world.script(() => (stream ? chatStreamReply(["o", "k"]) : chatReply("ok")));
      const answer = await ask(
        { variables: { name: "{{times}}" } },
        { stream, messages: [{ role: "user", content: "Go" }] },
      );
      if (Symbol.asyncIterator in answer) {
        for await (const _ of answer) {
          // Read to its end.
        }
      }
      const sent = world.bytes.requests.at(-1)?.json() as Record<string, unknown>;
      expect(sent["messages"]).toEqual([
        { role: "system", content: "Greet {{times}}, 1 times." },
        { role: "user", content: "Go" },
      ]);
      expect(sent).not.toHaveProperty("conduit_prompt");
    }
  });

  it("answers by the label as soon as it has moved", async () => {
    world.script(() => chatReply("ok"));
    await world.gateway.admin("POST", "/prompts/greeting/versions", {
      messages: [{ role: "user", content: "Second for {{name}}" }],
      variables: [{ name: "times", type: "number", default: 1 }],
      note: "Shorter",
      labels: ["production"],
    });
    await ask({ variables: { name: "Ada" } });
    const sent = world.bytes.requests.at(-1)?.json() as Record<string, unknown>;
    expect(sent["messages"]).toEqual([{ role: "user", content: "Second for Ada" }]);
  });

  it("fails as the SDK's own error, with the variable that is missing", async () => {
    const error = await ask({}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({
      status: 400,
      code: "missing_required_parameter",
      param: "conduit_prompt.variables.name",
    });
  });
});
