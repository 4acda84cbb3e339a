import { createHmac } from "node:crypto";
import { z } from "zod";
import { sharedNow } from "#lib/clock.ts";
import type { SecretValue } from "#lib/contract/snapshot.ts";
import { defineRule, type Finding, type ScannedText } from "../define-rule.ts";
import { askService, openOffsets, serviceUrl } from "./service.ts";

const config = z.strictObject({
  url: serviceUrl.meta({
    title: "Address",
    description: "Where texts are sent with POST. It has two seconds to answer.",
  }),
});

const kind = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "has to be a lower-case name, as email");

/** What the service answers. */
const answer = z.object({
  verdict: z.enum(["pass", "flag"]),
  score: z.number().min(0).max(1).nullish(),
  kinds: z.record(kind, z.int().min(1).max(1_000_000)).nullish(),
  /** Offsets are counted in characters (Unicode code points), the end exclusive. */
  matches: z
    .array(
      z.object({
        text: z.int().min(0),
        start: z.int().min(0),
        end: z.int().min(1),
        kind,
        replacement: z.string().max(1000).nullish(),
      }),
    )
    .max(10_000)
    .nullish(),
});

/** Asks a service of the operator's own, with a signed request. */
export const webhook = defineRule({
  type: "webhook",
  label: "Webhook",
  description: "Asks a service of your own, which reads the texts and answers with a verdict.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "mask", "warn", "log"],
  secret: { label: "Signing secret", required: true },
  compile: ({ url }) => ({
    kind: "remote",
    async check(texts, context) {
      const body = JSON.stringify({
        version: 1,
        stage: context.stage,
        texts: texts.map(({ path, origin, text }) => ({ path, origin, text })),
      });
      const headers = signatureOf(body, context.secret);
      const call = { name: "The webhook", url, headers, body, schema: answer };
      return findingOf(await askService(call, context), texts);
    },
  }),
});

/**
 * `x-conduit-signature: t=<Unix seconds>,v1=<hex>`, where v1 is HMAC-SHA256 over the time, a dot and
 * the body: a receiver that also looks at the time cannot be played an old request again.
 */
function signatureOf(body: string, secret: SecretValue | null): Record<string, string> {
  if (secret === null) {
    throw new Error("The webhook's signing secret is missing or cannot be opened.");
  }
  const seconds = Math.floor(sharedNow() / 1000);
  const mac = createHmac("sha256", secret.reveal()).update(`${seconds}.${body}`).digest("hex");
  return { "x-conduit-signature": `t=${seconds},v1=${mac}` };
}

function findingOf(
  { verdict, score, kinds, matches }: z.infer<typeof answer>,
  texts: readonly ScannedText[],
): Finding {
  const offsets = new Map<number, (characters: number) => number>();
  const found = (matches ?? []).map(({ text: at, start, end, kind: found, replacement }) => {
    const offset = offsets.get(at) ?? openOffsets(texts[at]?.text ?? "");
    offsets.set(at, offset);
    return {
      at,
      start: offset(start),
      end: offset(end),
      kind: found,
      ...(replacement == null ? {} : { replacement }),
    };
  });
  return {
    triggered: verdict === "flag",
    matches: verdict === "flag" ? found : [],
    ...(score == null ? {} : { score }),
    ...(kinds == null ? {} : { kinds }),
  };
}
