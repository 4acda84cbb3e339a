import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROVIDERS, type ProviderRow } from "#lib/catalog/providers.ts";
import { type ChatRequest, chatRequest } from "#lib/contract/chat.ts";
import { ConduitError } from "#lib/errors.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { failureOf } from "#lib/testing/wire-bench.ts";
import { type FetchedMedia, fetchMedia, fetchPublicBytes, inlineRemoteMedia } from "./media.ts";

const PICTURE = { bytes: new TextEncoder().encode("png"), contentType: "image/PNG; q=1" };
const INLINE = "data:image/png;base64,cG5n";

const request = (...urls: string[]): ChatRequest =>
  chatRequest.parse({
    model: "m",
    messages: [
      { role: "system", content: "Be kind." },
      {
        role: "user",
        content: [
          { type: "text", text: "Look" },
          ...urls.map((url) => ({ type: "image_url", image_url: { url, detail: "low" } })),
        ],
      },
    ],
  });

function inline(
  asked: ChatRequest,
  fetchBytes: (url: string) => Promise<FetchedMedia>,
  target: { provider?: ProviderRow; modelName?: string; signal?: AbortSignal } = {},
) {
  return inlineRemoteMedia(asked, {
    provider: PROVIDERS.google,
    modelName: "gemini-2.0-flash",
    fetchBytes,
    signal: new AbortController().signal,
    ...target,
  });
}

const fetches = () => {
  const urls: string[] = [];
  const fetchBytes = (url: string): Promise<FetchedMedia> => {
    urls.push(url);
    return Promise.resolve(PICTURE);
  };
  return { urls, fetchBytes };
};

describe("remote images", () => {
  it("are written into the request for models that read inline ones only, each fetched once", async () => {
    const { urls, fetchBytes } = fetches();
    const asked = request("https://x.test/a", "https://x.test/b", "https://x.test/a", INLINE);
    const { request: written, adjusted } = await inline(asked, fetchBytes);
    const parts = written.messages[1]?.content as { image_url?: object }[];
    expect(parts.slice(1).map(({ image_url }) => image_url)).toEqual(
      Array.from({ length: 4 }, () => ({ url: INLINE, detail: "low" })),
    );
    expect(adjusted).toEqual(["image_url"]);
    expect(urls).toEqual(["https://x.test/a", "https://x.test/b"]);
    expect(asked.messages[1]?.content).toHaveLength(5);
    expect(JSON.stringify(asked)).toContain("https://x.test/a");
  });

  it("are fetched for rows that say so, and left alone for models that fetch by themselves", async () => {
    const { urls, fetchBytes } = fetches();
    const asked = request("https://x.test/a");
    const quirky: ProviderRow = { ...PROVIDERS.openai, quirks: { inlineImages: true } };
    expect((await inline(asked, fetchBytes, { provider: quirky })).adjusted).toEqual(["image_url"]);
    for (const target of [{ modelName: "gemini-2.5-flash" }, { provider: PROVIDERS.anthropic }]) {
      const left = await inline(asked, fetchBytes, target);
      expect(left.request).toBe(asked);
      expect(left.adjusted).toEqual([]);
    }
    expect(urls).toHaveLength(1);
  });

  it("that are none, or too large together, are refused by their place", async () => {
    const page = () => Promise.resolve({ bytes: new Uint8Array(1), contentType: "text/html" });
    const error = await failureOf(inline(request("https://x.test/a"), page));
    expect([error.code, error.param]).toEqual(["unsupported_content", "messages[1].content[1]"]);
    const big = () =>
      Promise.resolve({ bytes: new Uint8Array(11 * 1024 * 1024), contentType: "image/png" });
    const two = await failureOf(inline(request("https://x.test/a", "https://x.test/b"), big));
    expect([two.code, two.param]).toEqual(["unsupported_content", "messages[1].content[2]"]);
  });

  it("tell a caller nothing of the network they could not be fetched through", async () => {
    const refuse = () =>
      Promise.reject(
        new ConduitError("upstream_refused_address", { message: "10.1.2.3 is a private address." }),
      );
    const error = await failureOf(inline(request("https://intern.test/a"), refuse));
    expect([error.status, error.code]).toEqual([400, "unsupported_content"]);
    expect(error.message).not.toContain("10.1.2.3");
  });

  it.each(["client_closed", "upstream_timeout", "server_shutdown"] as const)(
    "stop when the request is cut, and blame nobody else for it: %s",
    async (code) => {
      const reason = new ConduitError(code, { message: "Cut." });
      const cut = new AbortController();
      // The fetch fails with an error of its own, as a connection does that is cut half-way.
      const fail = () => {
        cut.abort(reason);
        return Promise.reject(new ConduitError("upstream_unreachable", { message: "Reset." }));
      };
      const asked = inline(request("https://x.test/a"), fail, { signal: cut.signal });
      expect(await failureOf(asked)).toBe(reason);
    },
  );
});

describe("fetching an address that a caller named", () => {
  let server: FakeUpstream;
  beforeAll(async () => {
    server = await startFakeUpstream(() => ({
      headers: { "content-type": "image/png" },
      body: "png",
    }));
  });
  afterAll(async () => {
    await server.close();
  });

  const through = (path: string) => {
    const dispatcher = new Agent();
    return fetchMedia({
      url: `${server.url}${path}`,
      signal: new AbortController().signal,
      dispatcher,
    }).finally(() => dispatcher.close());
  };

  it("gives the bytes and the type of a plain answer", async () => {
    const { bytes, contentType } = await through("/a.png?x=1");
    expect([Buffer.from(bytes).toString(), contentType]).toEqual(["png", "image/png"]);
    expect(server.requests.at(-1)?.path).toBe("/a.png?x=1");
  });

  it("follows no redirect and takes no error for an image", async () => {
    for (const status of [302, 404]) {
      server.replyWith(() => ({ status, headers: { location: `${server.url}/other` } }));
      const count = server.requests.length;
      const error = await failureOf(through("/a.png"));
      expect([error.code, error.message]).toEqual([
        "unsupported_content",
        `Its server answered with status ${status}.`,
      ]);
      expect(server.requests).toHaveLength(count + 1);
    }
  });

  it("gives up on an answer of more than 20 MiB", async () => {
    const mebibytes = Array.from({ length: 22 }, () => new Uint8Array(1024 * 1024));
    server.replyWith(() => ({ headers: { "content-type": "image/png" }, steps: mebibytes }));
    expect((await failureOf(through("/big.png"))).code).toBe("upstream_protocol");
  });

  it.each(["http://127.0.0.1", "http://localhost", "http://[::ffff:127.0.0.1]"])(
    "never reaches a private one, here %s",
    async (origin) => {
      const before = server.requests.length;
      const error = await failureOf(
        fetchPublicBytes(`${origin}:${server.port}/a.png`, new AbortController().signal),
      );
      expect(error.code).toBe("upstream_refused_address");
      expect(server.requests).toHaveLength(before);
    },
  );
});
