import { z } from "zod";

/** A page's filters under a name. The query string is all of a page's state. */
const VIEW_PAGES = ["logs", "usage"] as const;
export const viewPage = z.enum(VIEW_PAGES);
export type ViewPage = z.infer<typeof viewPage>;

export const savedViewInput = z.strictObject({
  page: viewPage,
  name: z
    .string()
    .trim()
    .min(1, "Give the view a name.")
    .max(80, "A name has at most 80 characters."),
  query: z
    .string()
    .max(4000, "These filters are too long to save.")
    .regex(/^[^\0]*$/),
  team_id: z.uuid().nullable(),
});
export type SavedViewInput = z.infer<typeof savedViewInput>;

export const savedViewId = z.strictObject({ id: z.uuid() });

export interface SavedView {
  id: string;
  page: ViewPage;
  name: string;
  /** Without a question mark. */
  query: string;
  team_id: string | null;
  team_name: string | null;
  owner_email: string;
  is_own: boolean;
  may_delete: boolean;
}
