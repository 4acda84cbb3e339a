import type { monitorEventLoopDelay } from "node:perf_hooks";
import { getRule } from "#lib/guardrails/rules/index.ts";
import { NO_POWERS } from "./rules.ts";

/** What a backtracking engine takes exponential or polynomial time for; `A` is a class of characters. */
const SHAPES: readonly string[] = [
  "(A+)+$",
  "(A*)*$b",
  "(A+)*$b",
  "(A+A+)+$",
  "(A|A)+$",
  "(A|AA)+$",
  "(A|A?)+b",
  "(A+|A+)+$",
  "^(A+)+$",
  "^(A+A?)*b$",
  "((A+)+)+$",
  "(A+){2,30}$",
  "(A?){30}A{30}",
  "(.*A){12}$",
  "(.*A){20}",
  "A+A+A+A+$",
  "A*A*A*A*b",
  "^(.*)(.*)(.*)b$",
  "(.*)*x",
  "(.+)+\\.b",
  "(A{1,20}){1,20}b",
  "(A{0,30}){0,30}b",
  "(A|B|AB)*c",
  "(A+B?)*c$",
  "(A+,?)+;",
  "^(A+ ?)+$",
  "^(A+[-.]?)+@B$",
  "(A+\\s*)*=",
  '"(A|\\\\.)*"x',
  "(AB|A|B)+c",
  "(AA?|A)+$",
  "((A|B)+)*c",
  "(A*B*)*c",
  "A.*A.*A.*b",
  "(?:A+)+(?:A+)+c",
  "^((A+)*B?)*c$",
];
const CLASSES = [
  "a",
  "[a-z]",
  "\\w",
  "[a-z0-9]",
  ".",
  "[^,]",
  "\\S",
  "(?:a|b)",
  "(?:ab?)",
  "[[:alpha:]]",
  "[a-c]",
  "(?i:A)",
  "[\\w-]",
  "\\pL",
];
const HOW_MANY = 500;

/** 500 patterns: every shape with every class, as far as the number goes. */
function evilPatterns(): string[] {
  return CLASSES.flatMap((one) =>
    SHAPES.map((shape) => shape.replaceAll("A", one).replaceAll("B", "[a-z]")),
  ).slice(0, HOW_MANY);
}

const TEXT_UNITS = 256 * 1024;
const TEXTS = [
  "a".repeat(TEXT_UNITS - 1),
  "ab".repeat(TEXT_UNITS / 2 - 1),
  "a1 -.,".repeat(40_000),
];

/** Compiles and runs each pattern over the largest text, and watches this thread meanwhile. */
export async function runPatterns(
  delay: ReturnType<typeof monitorEventLoopDelay>,
): Promise<string[]> {
  const rule = getRule("regex");
  const counts = { answered: 0, cut: 0, refused: 0 };
  let longestMs = 0;
  await new Promise((done) => setTimeout(done, 200));
  delay.enable();
  for (const [at, pattern] of evilPatterns().entries()) {
    const startedAt = performance.now();
    const outcome = await run(rule, pattern, TEXTS[at % TEXTS.length] ?? "");
    longestMs = Math.max(longestMs, performance.now() - startedAt);
    counts[outcome] += 1;
  }
  delay.disable();
  const ms = (nanos: number) => (nanos / 1e6).toFixed(1);
  return [
    `- ${HOW_MANY} patterns, each over a text of 256 KiB: ${counts.answered} answered, ${counts.cut} cut after 100 ms, ${counts.refused} refused when they were compiled`,
    `- The longest took ${longestMs.toFixed(0)} ms until its answer or its end, a new thread included`,
    `- Delay of the event loop meanwhile: p50 ${ms(delay.percentile(50))} ms, p99 ${ms(delay.percentile(99))} ms, most ${ms(delay.max)} ms. Target: at most 20 ms`,
  ];
}

async function run(rule: ReturnType<typeof getRule>, pattern: string, text: string) {
  let check: ReturnType<NonNullable<typeof rule>["compile"]> | undefined;
  try {
    check = rule?.compile(rule.config.parse({ pattern }));
  } catch {
    return "refused";
  }
  if (check?.kind !== "remote") {
    throw new Error("A pattern runs in another thread.");
  }
  try {
    await check.check([{ path: "input", origin: "user", text }], {
      stage: "pre",
      countTokens: () => 0,
      signal: new AbortController().signal,
      secret: null,
      powers: NO_POWERS,
    });
    return "answered";
  } catch {
    return "cut";
  }
}
