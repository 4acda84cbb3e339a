import type { ChecklistStep } from "#lib/contract/overview.ts";
import { ChecklistCard } from "./checklist-card.tsx";

export interface ChecklistProps {
  steps: Promise<ChecklistStep[]>;
}

/** The first steps, until all are taken or somebody has closed the card. */
export async function Checklist({ steps }: ChecklistProps) {
  const list = await steps;
  return list.every(({ isDone }) => isDone) ? null : <ChecklistCard steps={list} />;
}
