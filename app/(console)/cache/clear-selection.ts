import { formatCount } from "../../_ui/format.ts";

/** What somebody chose to clear. */
export interface ClearChoice {
  by: "model" | "team" | "age" | "all";
  model: string | null;
  teamId: string | null;
  /** Seconds. */
  age: string;
}

export const AGES = [
  { value: "600", label: "10 minutes" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "259200", label: "3 days" },
] as const;

export function answersText(count: number): string {
  return count === 1 ? "1 stored answer" : `${formatCount(count)} stored answers`;
}

/** What the server is asked to clear; `undefined` while the choice is not made. */
export function selectionOf(choice: ClearChoice): Record<string, unknown> | undefined {
  switch (choice.by) {
    case "model":
      return choice.model === null ? undefined : { model: choice.model };
    case "team":
      return choice.teamId === null ? undefined : { team_id: choice.teamId };
    case "age":
      return { older_than_seconds: Number(choice.age) };
    case "all":
      return { all: true };
    default:
      return choice.by satisfies never;
  }
}
