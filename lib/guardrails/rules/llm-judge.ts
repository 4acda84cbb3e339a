import { z } from "zod";
import { defineRule, type TextOrigin } from "../define-rule.ts";
import { askJudge } from "./judge.ts";

const config = z.strictObject({
  model: z.string().min(1).max(256).meta({
    title: "Model",
    description: "A model, deployment or alias that judges. Each question is a request of its own.",
  }),
  instructions: z.string().trim().min(10).max(8000).meta({
    title: "Instructions",
    description: "What is against the rule, in plain words, and what is not although it looks so.",
  }),
  threshold: z.number().min(0).max(1).default(0.5).meta({
    title: "Threshold",
    description:
      "How likely, from 0 to 1, the judge has to find it that a text is against the rule.",
  }),
  read: z.enum(["all", "user_and_answer"]).default("all").meta({
    title: "Texts",
    description:
      "Whether the judge reads everything, or what users and the model have said and no system texts, tools and results.",
  }),
});

const SPOKEN: ReadonlySet<TextOrigin> = new Set(["user", "assistant", "input"]);

/** Asks a model whether texts are against a rule that is written in plain words. */
export const llmJudge = defineRule({
  type: "llm_judge",
  label: "Model as judge",
  description: "Asks a chat model whether a request or an answer is against what you describe.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "warn", "log"],
  compile: ({ model, instructions, threshold, read }) => ({
    kind: "remote",
    async check(texts, context) {
      const chosen = read === "all" ? texts : texts.filter(({ origin }) => SPOKEN.has(origin));
      if (chosen.length === 0) {
        return {
          triggered: false,
          matches: [],
          skipped: "There is nothing for the judge to read.",
        };
      }
      const question = `This is against the rule:\n${instructions}`;
      const { score } = await askJudge({ model, question, texts: chosen }, context);
      const triggered = score >= threshold;
      return { triggered, matches: [], score, kinds: triggered ? { judge: 1 } : {} };
    },
  }),
});
