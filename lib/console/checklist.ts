import type { ChecklistStep } from "#lib/contract/overview.ts";
import { CATCH_ALL } from "#lib/contract/snapshot.ts";
import { getDb } from "#lib/db/client.ts";
import { readFirstSteps } from "#lib/db/first-steps.ts";
import { currentSnapshot } from "#lib/db/snapshot.ts";
import type { Actor } from "./actor.ts";
import { mayTake } from "./permission.ts";

/** The steps from an empty install to one in use; none for those who cannot take them. */
export async function showChecklist(actor: Actor): Promise<ChecklistStep[]> {
  if (!mayTake(actor.principal, "setting.update")) {
    return [];
  }
  const { deployments, aliases } = currentSnapshot();
  const done = await readFirstSteps(getDb("console"));
  return [
    {
      id: "provider",
      label: "Connect a provider",
      isDone: deployments.size > 0,
      href: "/models/new",
    },
    {
      id: "alias",
      label: "Give your models an alias",
      isDone: [...aliases.keys()].some((name) => name !== CATCH_ALL),
      href: "/routing",
    },
    { id: "key", label: "Create a key", isDone: done.hasKey, href: "/keys" },
    { id: "request", label: "Send a first request", isDone: done.hasRequest, href: "/logs" },
    { id: "budget", label: "Set a budget", isDone: done.hasBudget, href: "/budgets" },
    { id: "invite", label: "Invite someone", isDone: done.hasColleague, href: "/members" },
  ];
}
