import { describe, expect, it } from "vitest";
import { PROVIDERS } from "#lib/catalog/providers.ts";
import { type EmbeddingsRequest, embeddingsRequest } from "#lib/contract/embeddings.ts";
import { refusalOf } from "#lib/testing/wire-bench.ts";
import { testDeployment } from "#lib/testing/wire-contexts.ts";
import { decodeEmbeddings, encodeEmbeddings } from "./embeddings.ts";

const deployment = testDeployment("google", { modelName: "gemini-embedding-001" });
const provider = PROVIDERS.google;

const encode = (request: Partial<EmbeddingsRequest>) =>
  encodeEmbeddings(embeddingsRequest.parse({ model: "e", input: "x", ...request }), {
    deployment,
    provider,
    carried: { get: () => undefined },
  });

const decode = (answer: unknown, request: Partial<EmbeddingsRequest> = {}) =>
  decodeEmbeddings(answer, {
    endpoint: "embeddings",
    deployment,
    provider,
    request: embeddingsRequest.parse({ model: "e", input: "x", ...request }),
    emulation: {},
    requestId: "0197f0a0-0000-7000-8000-00000000000a",
    created: 1,
    keep: () => undefined,
  });

describe("an embeddings request", () => {
  it("asks for one text by itself and for several in one batch", () => {
    const written = {
      model: "models/gemini-embedding-001",
      content: { parts: [{ text: "Hi" }] },
      outputDimensionality: 64,
      taskType: "CLUSTERING",
    };
    const options = { dimensions: 64, task_type: "CLUSTERING", user: "u" };
    expect(encode({ input: "Hi", ...options })).toEqual({
      path: "/models/gemini-embedding-001:embedContent",
      body: written,
      adjusted: ["user"],
      emulation: {},
    });
    expect(encode({ input: ["Hi", "Hi"], ...options })).toMatchObject({
      path: "/models/gemini-embedding-001:batchEmbedContents",
      body: { requests: [written, written] },
    });
  });

  it.each([
    ["more than 100 texts", Array.from({ length: 101 }, () => "x")],
    ["token numbers", [1, 2, 3]],
    ["lists of token numbers", [[1], [2]]],
  ])("with %s is refused by name", (_name, input) => {
    const error = refusalOf(() => encode({ input }));
    expect([error.status, error.code, error.param]).toEqual([400, "unsupported_value", "input"]);
  });
});

describe("the vectors", () => {
  const answer = { embeddings: [{ values: [0.5, -1] }, { values: [2, 0] }] };

  it("come as numbers or as base64, in order, with usage left to be estimated", () => {
    const plain = decode(answer, { encoding_format: "float" });
    expect(plain.body).toMatchObject({
      object: "list",
      data: [
        { object: "embedding", index: 0, embedding: [0.5, -1] },
        { object: "embedding", index: 1, embedding: [2, 0] },
      ],
    });
    expect(plain.usage).toBeUndefined();
    const { body } = decode(answer, { encoding_format: "base64" });
    const [first] = body["data"] as { embedding: string }[];
    const bytes = Buffer.from(first?.embedding ?? "", "base64");
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([0.5, -1]);
  });

  it("of a single text come without a list", () => {
    const { body } = decode({ embedding: { values: [1] } }, { encoding_format: "float" });
    expect(body["data"]).toEqual([{ object: "embedding", index: 0, embedding: [1] }]);
  });

  it("missing from the answer are a failure", () => {
    expect(refusalOf(() => decode({})).code).toBe("upstream_protocol");
    expect(refusalOf(() => decode({ embeddings: [{ values: ["x"] }] })).code).toBe(
      "upstream_protocol",
    );
  });
});
