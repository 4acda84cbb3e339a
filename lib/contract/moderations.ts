import { z } from "zod";

/** The model that OpenAI judges with when a request names none; the same name is looked up here. */
export const DEFAULT_MODERATION_MODEL = "omni-moderation-latest";

const part = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({
    type: z.literal("image_url"),
    image_url: z.looseObject({ url: z.string().min(1) }),
  }),
]);

/** Moderations, OpenAI's form. Strings are judged one by one, parts together. */
export const moderationsRequest = z.looseObject({
  model: z
    .string()
    .min(1)
    .default(DEFAULT_MODERATION_MODEL)
    .meta({
      description: `A model, deployment or alias; ${DEFAULT_MODERATION_MODEL} when left out.`,
    }),
  input: z.union([z.string(), z.array(z.string()).min(1), z.array(part).min(1)]),
});
export type ModerationsRequest = z.infer<typeof moderationsRequest>;

/** What each provider judges by has its own names; only OpenAI's are alike from model to model. */
export const moderationResult = z.looseObject({
  flagged: z.boolean(),
  categories: z.record(z.string(), z.boolean()),
  category_scores: z.record(z.string(), z.number()),
});
export type ModerationResult = z.infer<typeof moderationResult>;

export const moderationsAnswer = z.looseObject({
  id: z.string(),
  model: z.string(),
  results: z.array(moderationResult),
});
export type ModerationsAnswer = z.infer<typeof moderationsAnswer>;

/** The texts of an input; pictures are none. */
export function moderationTexts(input: ModerationsRequest["input"]): string[] {
  return [input].flat().flatMap((one) => {
    if (typeof one === "string") {
      return [one];
    }
    return one.type === "text" ? [one.text] : [];
  });
}
