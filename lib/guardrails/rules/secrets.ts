import { z } from "zod";
import { defineRule } from "../define-rule.ts";
import { findBotTokens, findJwts, findKeys, JWT_WINDOW, KEY_WINDOW } from "./secrets/keys.ts";
import { findNamedSecrets, findUrlPasswords, PASSWORD_WINDOW } from "./secrets/passwords.ts";
import { findPrivateKeys, unfinishedPrivateKey } from "./secrets/private-keys.ts";
import { MARK_WINDOW, unfinishedJwt } from "./secrets/unfinished.ts";
import { findingOf, type Span, withoutOverlaps } from "./spans.ts";

type Finder = (text: string) => Span[];

/** The weightiest first: where two claim the same text, the first has it. */
const FINDERS = {
  private_key: { window: MARK_WINDOW, find: [findPrivateKeys] },
  api_key: { window: KEY_WINDOW, find: [findKeys, findBotTokens] },
  jwt: { window: MARK_WINDOW, find: [findJwts] },
  url_password: { window: PASSWORD_WINDOW, find: [findUrlPasswords] },
  named_secret: { window: PASSWORD_WINDOW, find: [findNamedSecrets] },
} as const satisfies Record<string, { window: number; find: readonly Finder[] }>;

type SecretKind = keyof typeof FINDERS;
// `Object.keys` forgets the names that the table fixes.
const SECRET_KINDS = Object.keys(FINDERS) as [SecretKind, ...SecretKind[]];

const config = z.strictObject({
  kinds: z
    .array(z.enum(SECRET_KINDS))
    .min(1)
    .default([...SECRET_KINDS])
    .meta({
      title: "Kinds",
      description:
        "About 540 characters of a streamed answer are held back where the rule blocks or redacts, and " +
        "up to 16,384 while a private key and 4,096 while a JWT seems to be on its way. A private key " +
        "that is longer counts as a check that failed.",
    }),
});

/** Keys, tokens and passwords. */
export const secrets = defineRule({
  type: "secrets",
  label: "Secrets",
  description:
    "Finds keys of clouds and providers, private keys, JWTs, and passwords in URLs and settings.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "mask", "warn", "log"],
  compile: ({ kinds }) => {
    const wanted = SECRET_KINDS.filter((kind) => kinds.includes(kind)).map((kind) => FINDERS[kind]);
    const finders: Finder[] = wanted.flatMap(({ find }) => [...find]);
    return {
      kind: "local",
      window: Math.max(...wanted.map(({ window }) => window)),
      openFrom: (text) =>
        Math.min(
          kinds.includes("private_key") ? unfinishedPrivateKey(text) : text.length,
          kinds.includes("jwt") ? unfinishedJwt(text, JWT_WINDOW) : text.length,
        ),
      check: (texts) =>
        findingOf(texts, (text) => withoutOverlaps(finders.flatMap((find) => find(text)))),
    };
  },
});
