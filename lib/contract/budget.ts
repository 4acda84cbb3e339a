import { z } from "zod";
import { usdOutput } from "./amounts.ts";
import { instantOutput } from "./instants.ts";
import { budgetPeriod } from "./limit-fields.ts";
import { adminOperations } from "./operation.ts";
import { listQuery } from "./paging.ts";

/** Every money limit there is, with what has been spent of it. */
const budgetSubject = z.enum(["key", "user", "team", "organization", "deployment", "tag"]);

export const budgetQuery = listQuery.extend({
  subject: budgetSubject.optional(),
  subject_id: z.string().min(1).max(256).optional(),
});
export type BudgetQuery = z.infer<typeof budgetQuery>;

export const budgetInfo = z
  .object({
    id: z.uuid(),
    subject: budgetSubject,
    subject_id: z.string(),
    subject_name: z.string(),
    period: budgetPeriod,
    limit_usd: usdOutput,
    raise_usd: usdOutput.nullable().meta({
      description: "Room on top of the limit that ends with the present period.",
    }),
    spent_usd: usdOutput,
    reserved_usd: usdOutput,
    remaining_usd: usdOutput.meta({ description: "Never below zero." }),
    soft_limit_percent: z.int().nullable(),
    resets_at: instantOutput.nullable(),
  })
  .meta({ id: "Budget" });
export type BudgetInfo = z.infer<typeof budgetInfo>;

const budgetList = z.object({ budgets: z.array(budgetInfo), total: z.int() });

export const BUDGET_OPERATIONS = adminOperations("Observe", [
  {
    method: "get",
    path: "/budgets",
    id: "listBudgets",
    scope: "budget.read",
    summary: "List budgets with what is spent of them",
    query: budgetQuery,
    answer: budgetList,
  },
]);
