import OpenAI from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { chatReply, errorReply } from "#lib/testing/openai-replies.ts";
import { sharedWorld } from "./shared-world.ts";
import { BYTES_MODEL, CHAT_MODELS, DOORS, type World } from "./world.ts";

const SAY_HELLO = [{ role: "user" as const, content: "Please say hello." }];

describe.each(DOORS)("errors through the %s door, with the official Node SDK", (door) => {
  let world: World;

  beforeAll(async () => {
    world = await sharedWorld(door);
  });

  it("refuses an unknown key as the SDK's AuthenticationError", async () => {
    const error = await refusalOf(
      world.clientWith({ key: "cnd_sk_wrong" }).chat.completions.create({
        model: CHAT_MODELS.openai,
        messages: SAY_HELLO,
      }),
    );
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(error.requestID).toBeTruthy();
  });

  it("refuses an unknown model as NotFoundError, naming those that may be used", async () => {
    const error = await refusalOf(
      world.client.chat.completions.create({ model: "gpt-unknown", messages: SAY_HELLO }),
    );
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: "model_not_found", param: "model" });
    expect(error.message).toContain(CHAT_MODELS.openai);
  });

  it("refuses a wrong body as BadRequestError naming the field, without asking upstream", async () => {
    world.script(() => chatReply("never"));
    const wrong: [body: Record<string, unknown>, param: string][] = [
      [{ model: BYTES_MODEL }, "messages"],
      [{ model: BYTES_MODEL, messages: [] }, "messages"],
      [{ model: BYTES_MODEL, messages: [{ role: "nobody", content: "x" }] }, "messages[0].role"],
      [{ model: BYTES_MODEL, messages: SAY_HELLO, temperature: "hot" }, "temperature"],
    ];
    for (const [body, param] of wrong) {
      // The SDK sends what it is given; its types would not let a wrong body through.
      const error = await refusalOf(world.client.post("/chat/completions", { body }));
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(error.param).toBe(param);
      expect(error.type).toBe("invalid_request_error");
    }
    expect(world.bytes.requests).toHaveLength(0);
  });

  it("answers an unknown path under /v1 in OpenAI's shape", async () => {
    const error = await refusalOf(world.client.get("/nothing/here"));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: "unknown_url", type: "invalid_request_error" });
  });

  it("hands an upstream's own refusal on with its code", async () => {
    world.script(() =>
      errorReply(400, {
        message: "This model's maximum context length is 8192 tokens.",
        type: "invalid_request_error",
        code: "context_length_exceeded",
        param: "messages",
      }),
    );
    const error = await refusalOf(
      world.client.chat.completions.create({ model: BYTES_MODEL, messages: SAY_HELLO }),
    );
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code: "context_length_exceeded", param: "messages" });
    expect(world.bytes.requests).toHaveLength(1);
  });

  it("tells the SDK not to try again what the gateway has tried enough", async () => {
    world.script(() => errorReply(503, { message: "Overloaded.", type: "server_error" }));
    let sent = 0;
    const counting: typeof fetch = (input, init) => {
      sent += 1;
      return fetch(input, init);
    };
    const client = world.clientWith({ fetch: counting });
    const error = await refusalOf(
      client.chat.completions.create({ model: BYTES_MODEL, messages: SAY_HELLO }),
    );
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error.headers?.get("x-should-retry")).toBe("false");
    expect(sent).toBe(1);
    expect(world.bytes.requests.length).toBeGreaterThan(1);
  });
});

async function refusalOf(
  call: PromiseLike<unknown>,
): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    await call;
  } catch (error) {
    if (error instanceof OpenAI.APIError) {
      return error;
    }
    throw error;
  }
  throw new Error("The call was answered, although it had to be refused.");
}
