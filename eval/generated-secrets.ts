import { makeRandom, type Random } from "./random.ts";
import { parseMarked, type SpanCase } from "./spans.ts";
import type { Split } from "./suite.ts";

const EACH = 4;
const ALNUM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const HEX = "0123456789abcdef";
const BASE64 = `${ALNUM}+/`;

const SENTENCES: Readonly<Record<Split, readonly string[]>> = {
  dev: ["Why does {} not work?", '{"setting":"{}"}', "export NAME={}", "value: {}\nnext: 1"],
  test: [
    "curl -u x:{} https://api.example.com",
    "const it = '{}';",
    "I used {} and got a 401.",
    "[profile]\nentry = {}",
  ],
};

type Maker = (random: Random) => string;

/** Keys in the forms that their issuers document. */
const KEYS: Readonly<Record<string, Maker>> = {
  aws_access_key: (r) => `AKIA${r.string("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`,
  google_api_key: (r) => `AIza${r.string(`${ALNUM}-_`, 35)}`.replace(/[-_]$/, "a"),
  anthropic_key: (r) => `sk-ant-api03-${r.string(ALNUM, 93)}AA`,
  openai_key: (r) => `sk-proj-${r.string(ALNUM, 74)}T3BlbkFJ${r.string(ALNUM, 74)}`,
  provider_key: (r) => `sk-${r.string(ALNUM, 48)}`,
  openrouter_key: (r) => `sk-or-v1-${r.string(HEX, 64)}`,
  groq_key: (r) => `gsk_${r.string(ALNUM, 52)}`,
  huggingface_token: (r) => `hf_${r.string(ALNUM, 34)}`,
  github_token: (r) => `${r.pick(["ghp_", "gho_", "ghs_"])}${r.string(ALNUM, 36)}`,
  gitlab_token: (r) => `glpat-${r.string(ALNUM, 20)}`,
  slack_token: (r) => `xoxb-${r.digits(12)}-${r.digits(13)}-${r.string(ALNUM, 24)}`,
  stripe_key: (r) => `${r.pick(["sk_live_", "rk_live_"])}${r.string(ALNUM, 24)}`,
  npm_token: (r) => `npm_${r.string(ALNUM, 36)}`,
  sendgrid_key: (r) => `SG.${r.string(ALNUM, 22)}.${r.string(ALNUM, 43)}`,
  digitalocean_token: (r) => `dop_v1_${r.string(HEX, 64)}`,
  shopify_token: (r) => `shpat_${r.string(HEX, 32)}`,
  telegram_bot_token: (r) => `${r.digits(9)}1:AA${r.string(ALNUM, 33)}`,
  conduit_key: (r) => `cnd_sk_${r.string(ALNUM, 49)}`,
  jwt: (r) =>
    [
      Buffer.from('{"alg":"RS256","kid":"1"}').toString("base64url"),
      Buffer.from(`{"sub":"${r.digits(10)}","exp":${r.digits(10)}}`).toString("base64url"),
      r.string(ALNUM, 86),
    ].join("."),
  private_key: (r) => {
    const name = r.pick([
      "RSA PRIVATE KEY",
      "PRIVATE KEY",
      "OPENSSH PRIVATE KEY",
      "EC PRIVATE KEY",
    ]);
    const lines = Array.from({ length: 4 + r.below(20) }, () => r.string(BASE64, 64));
    return [`-----BEGIN ${name}-----`, ...lines, `-----END ${name}-----`].join("\n");
  },
};

/** Passwords and tokens that only the words around them give away. */
const NAMED: Readonly<Record<Split, readonly Maker[]>> = {
  dev: [
    (r) => `password = [[password:${password(r)}]]`,
    (r) => `{"api_key": "[[secret:${r.string(HEX, 32)}]]"}`,
    (r) => `postgres://app:[[url_password:${password(r)}]]@db.example.com:5432/main`,
    (r) => `Authorization: Bearer [[secret:${r.string(ALNUM, 40)}]]`,
  ],
  test: [
    (r) => `DB_PASSWORD: "[[password:${password(r)}]]"`,
    (r) => `my password is [[password:${password(r)}]] please reset it`,
    (r) => `client_secret=[[secret:${r.string(ALNUM, 36)}]]`,
    (r) => `redis://default:[[url_password:${r.string(ALNUM, 20)}]]@10.1.2.3:6379`,
    (r) => `"access_token" : "[[secret:${r.string(ALNUM, 64)}]]"`,
    (r) => `AWS_SECRET_ACCESS_KEY=[[secret:${r.string(BASE64, 40)}]]`,
  ],
};

function password(random: Random): string {
  const word = random.pick(["Harbour", "velvet", "Kestrel", "tundra", "Marble"]);
  const sign = random.pick(["!", "-", "_", "#", "%"]);
  return `${word}${sign}${random.digits(4)}${random.pick(["", "x", "Q", "!!"])}`.replace(
    /!+$/,
    "z",
  );
}

/** The generated cases, the same in every run. */
export function generateSecrets(): SpanCase[] {
  const random = makeRandom(4_711);
  return (["dev", "test"] as const).flatMap((split) => [
    ...Object.entries(KEYS).flatMap(([kind, make]) =>
      Array.from({ length: EACH }, () => {
        const sentence = random.pick(SENTENCES[split]);
        return parseMarked(
          split,
          sentence.replace("{}", () => `[[${kind}:${make(random)}]]`),
        );
      }),
    ),
    ...NAMED[split].flatMap((make) =>
      Array.from({ length: 2 * EACH }, () => parseMarked(split, make(random))),
    ),
  ]);
}
