import type { WholeAnswer } from "#lib/contract/answer.ts";
import type { RulePowers } from "#lib/guardrails/define-rule.ts";
import { postJson } from "#lib/providers/guarded-post.ts";
import { chat } from "./endpoints/chat.ts";
import { moderations } from "./endpoints/moderations.ts";
import { askInner } from "./inner-call.ts";
import type { Story } from "./story.ts";

/**
 * What rules may ask for while they look at a request. Models are asked through the gateway, so that
 * each question has its log row and is charged to the caller's budgets.
 */
export function openPowers(story: Story, signal: AbortSignal): RulePowers {
  return {
    async ask({ model, system, user }) {
      const messages = [
        { role: "system", content: system },
        { role: "user", content: user },
      ];
      const request = chat.parse({ model, messages });
      return textOf(
        await askInner(story, { endpoint: chat, request, purpose: "guardrail", signal }),
      );
    },
    async moderate({ model, texts }) {
      const request = moderations.parse({ model, input: [...texts] });
      const call = { endpoint: moderations, request, purpose: "guardrail", signal } as const;
      return scoresOf(await askInner(story, call), texts.length);
    },
    post: postJson,
  };
}

function textOf({ body }: WholeAnswer): string {
  const { choices } = body as { choices?: { message?: { content?: unknown } }[] };
  const content = choices?.[0]?.message?.content;
  if (typeof content !== "string") {
    throw new Error("The model answered without any text.");
  }
  return content;
}

function scoresOf({ body }: WholeAnswer, count: number): Readonly<Record<string, number>>[] {
  const { results } = body as { results?: { category_scores?: Record<string, number> }[] };
  const scores = (results ?? []).flatMap(({ category_scores: each }) => (each ? [each] : []));
  if (scores.length !== count) {
    throw new Error("The moderation model did not answer for every text.");
  }
  return scores;
}
