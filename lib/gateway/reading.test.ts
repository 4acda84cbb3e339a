import { expect, it } from "vitest";
import { readRequest } from "./reading.ts";
import type { Story } from "./story.ts";

/** The little of a request's story that reading it takes. */
function storyWith(tags: string): Story {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-conduit-tags": tags,
  };
  return {
    exchange: {
      header: (name: string) => headers[name],
      readBody: () => Promise.resolve(Buffer.from("{}")),
    },
    caller: null,
    endpoint: { parse: (body: unknown) => body, isStream: () => false },
  } as unknown as Story;
}

it("tags are read as name=value pairs", async () => {
  const story = storyWith("team=core, stage=a=b,empty=");
  await readRequest(story);
  expect(story.tags).toEqual({ team: "core", stage: "a=b", empty: "" });
});

it.each(["foo", "a=b,foo", "a=b,", "=x", "a=b,conduit.purpose=guardrail"])(
  "the tags %j are refused by name",
  async (tags) => {
    await expect(readRequest(storyWith(tags))).rejects.toMatchObject({
      code: "invalid_value",
      param: "x-conduit-tags",
    });
  },
);
