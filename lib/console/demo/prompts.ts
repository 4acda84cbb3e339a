import type { PromptCreate, PromptVersionCreate } from "#lib/contract/prompt.ts";
import { promptCreate, promptVersionCreate } from "#lib/contract/prompt.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import type { Actor } from "../actor.ts";
import { movePromptLabel } from "../prompt-labels.ts";
import { createVersion } from "../prompt-versions.ts";
import { createPrompt } from "../prompts.ts";

const REPLY = [
  { role: "system", content: "You answer customers of {{company}} in {{language}}." },
  { role: "user", content: "Ticket {{ticket}} from {{customer}}:\n\n{{text}}" },
] as const;

const LIMITS = "Keep it under {{words}} words. Promise neither refunds nor dates.";

interface DemoPrompt {
  first: PromptCreate;
  later: PromptVersionCreate[];
  /** The newest version has this label, and production stays at the one before it. */
  trial?: string;
  /** The tag `app` of those who use it. */
  app: string;
}

const variable = (name: string, fields: Record<string, unknown> = {}) => ({ name, ...fields });

const DEMO_PROMPTS: readonly DemoPrompt[] = [
  {
    app: "help-desk",
    trial: "staging",
    first: promptCreate.parse({
      name: "support/reply",
      description: "The first answer to a customer.",
      messages: REPLY,
      variables: [variable("language", { default: "English" })],
      model_hint: "support",
      labels: ["production"],
    }),
    later: [
      promptVersionCreate.parse({
        messages: [{ ...REPLY[0], content: `${REPLY[0].content}\n${LIMITS}` }, REPLY[1]],
        variables: [
          variable("language", { default: "English" }),
          variable("words", { type: "number", default: 120 }),
        ],
        model_hint: "support",
        note: "Short answers without promises",
        labels: ["production"],
      }),
      promptVersionCreate.parse({
        messages: [{ ...REPLY[0], content: `${REPLY[0].content} Be warm.\n${LIMITS}` }, REPLY[1]],
        variables: [
          variable("language", { default: "English" }),
          variable("words", { type: "number", default: 90 }),
        ],
        model_hint: "support",
        note: "Warmer and shorter",
      }),
    ],
  },
  {
    app: "triage",
    first: promptCreate.parse({
      name: "support/triage",
      description: "Sorts tickets into queues.",
      messages: [
        { role: "system", content: "Answer with one word: billing, technical or other." },
        { role: "user", content: "{{text}}" },
      ],
      model_hint: "fast",
      labels: ["production"],
    }),
    later: [],
  },
];

/** The company's prompts, saved as an admin would save them. */
export async function setUpPrompts(admin: Actor): Promise<void> {
  for (const { first, later, trial } of DEMO_PROMPTS) {
    await createPrompt(admin, first);
    for (const version of later) {
      await createVersion(admin, first.name, version);
    }
    if (trial !== undefined) {
      const version = later.length + 1;
      await movePromptLabel(admin, first.name, { label: trial, version });
    }
  }
}

const DAY_MS = 86_400_000;
/** How long the last version in production has been there. */
const RELEASED_DAYS = 4;

/** A request with the prompt that it was made from, where its app uses one. */
export function prompted(
  record: RequestRecord,
  { atMs, nowMs }: { atMs: number; nowMs: number },
): RequestRecord {
  const used = DEMO_PROMPTS.find(({ app }) => app === record.tags["app"]);
  if (used === undefined) {
    return record;
  }
  const inProduction = used.trial === undefined ? used.later.length + 1 : used.later.length;
  const isOld = atMs < nowMs - RELEASED_DAYS * DAY_MS;
  const version = isOld ? Math.max(1, inProduction - 1) : inProduction;
  return { ...record, prompt: { name: used.first.name, version } };
}
