import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { threat } from "#lib/testing/reliability-rows.ts";
import { newToken } from "./crypto.ts";
import { scrub } from "./log.ts";

it(`${threat("T15")}: credentials of every known shape are cut out of free text`, () => {
  const token = newToken("sk");
  const secrets = [
    token,
    "sk-proj-abcdefghijklmnop",
    "AIzaSyA1234567890abcdefg",
    "gsk_abcdefgh12345678",
    "Bearer abcdefghijk.lmnop",
  ];
  for (const secret of secrets) {
    const text = scrub(`the upstream said: ${secret} is wrong`);
    expect(text).not.toContain(secret);
    expect(text).toContain("[redacted]");
  }
  expect(scrub("postgres://user:hunter22@db/x?key=abc")).toBe(
    "postgres://user:[redacted]@db/x?key=[redacted]",
  );
  expect(scrub("nothing secret here")).toBe("nothing secret here");
});

it.each(["://a:", "Bearer ", "sk-aa", "?key=", "cnd_sk_", "://a:b@"])(
  "a mebibyte of %j is scrubbed",
  (text) => {
    // Work that grows with the square of the length would run into the test's time limit.
    expect(scrub(text.repeat(2 ** 20 / text.length))).toBeTypeOf("string");
  },
);

it(`${threat("T15")}: a long password is cut out whole`, () => {
  expect(scrub(`redis://u:${"p".repeat(5000)}@cache`)).toBe("redis://u:[redacted]@cache");
});

it(`${threat("T39")}: each event is one line of JSON, whatever was said`, () => {
  const said = ["a\nb", "\r\u001b[2J", "\u009b31m", "\u2028\u2029", "\0\u007f", '"}\n{"level":60'];
  const program = `
    import { getLog } from ${JSON.stringify(new URL("./log.ts", import.meta.url).href)};
    for (const text of ${JSON.stringify(said)}) getLog().warn({ text, [text]: 1 }, text);`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    env: { ...process.env, CONDUIT_LOG_LEVEL: "warn" },
  });
  const lines = stdout.split("\n").slice(0, -1);
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject(
    said.map((text) => ({ text, [text]: 1, msg: text })),
  );
  const left = [...stdout].filter((character) => character !== "\n" && isControl(character));
  expect(left).toEqual([]);
});

function isControl(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x2028 || code === 0x2029;
}
