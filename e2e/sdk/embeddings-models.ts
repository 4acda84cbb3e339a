import { beforeAll, describe, expect, it } from "vitest";
import { sharedWorld } from "./shared-world.ts";
import { BYTES_MODEL, CHAT_MODELS, DOORS, EMBEDDING_MODELS, VECTOR, type World } from "./world.ts";

describe.each(DOORS)("embeddings and models through the %s door", (door) => {
  let world: World;

  beforeAll(async () => {
    world = await sharedWorld(door);
  });

  describe.each(Object.entries(EMBEDDING_MODELS))("%s", (_vendor, model) => {
    it("gives vectors as the SDK asks for them by default, in base64", async () => {
      const answer = await world.client.embeddings.create({ model, input: ["one", "two"] });
      expect(answer.data.map((row) => row.index)).toEqual([0, 1]);
      expect(answer.data[0]?.embedding).toEqual(VECTOR);
      expect(answer.usage.prompt_tokens).toBeGreaterThanOrEqual(0);
    });

    it("gives vectors as floats when asked", async () => {
      const answer = await world.client.embeddings.create({
        model,
        input: "one",
        encoding_format: "float",
      });
      expect(answer.data[0]?.embedding).toEqual(VECTOR);
    });
  });

  it("decodes base64 that the upstream wrote", async () => {
    const bytes = Buffer.from(new Float32Array(VECTOR).buffer).toString("base64");
    world.script(() => ({
      json: {
        object: "list",
        model: BYTES_MODEL,
        data: [{ object: "embedding", index: 0, embedding: bytes }],
        usage: { prompt_tokens: 2, total_tokens: 2 },
      },
    }));
    const answer = await world.client.embeddings.create({ model: BYTES_MODEL, input: "one" });
    expect(world.bytes.requests[0]?.json()).toMatchObject({ encoding_format: "base64" });
    expect(answer.data[0]?.embedding).toEqual(VECTOR);
  });

  it("lists what the key may use, and nothing else", async () => {
    const all = await names(world.client);
    expect(all).toEqual(expect.arrayContaining(Object.values(CHAT_MODELS)));
    const { key } = await world.gateway.addKey({ allowed_models: [CHAT_MODELS.openai] });
    const narrow = world.clientWith({ key });
    expect(await names(narrow)).toEqual([CHAT_MODELS.openai]);
    const model = await narrow.models.retrieve(CHAT_MODELS.openai);
    expect(model).toMatchObject({ id: CHAT_MODELS.openai, object: "model" });
    await expect(narrow.models.retrieve(CHAT_MODELS.mistral)).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
  });
});

async function names(client: World["client"]): Promise<string[]> {
  const ids: string[] = [];
  for await (const model of client.models.list()) {
    ids.push(model.id);
  }
  return ids;
}
