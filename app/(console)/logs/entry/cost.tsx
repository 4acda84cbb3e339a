"use client";

import Link from "next/link";
import { costBillOf } from "#lib/contract/log-cost.ts";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { cn } from "../../../_ui/cn.ts";
import { formatCount } from "../../../_ui/format.ts";
import { buttonClass } from "../../../_ui/primitives/button.tsx";
import { Scroller } from "../../../_ui/scroller.tsx";
import { useViewer } from "../../../_ui/viewer-context.tsx";

export interface CostProps {
  log: RequestLogDetail;
}

/** What the request cost and how that comes about, from the prices that were applied to it. */
export function Cost({ log }: CostProps) {
  const isBilled = log.price_state === "priced" && log.outcome !== "cached";
  const bill = isBilled ? costBillOf(log) : null;
  return (
    <section aria-label="Cost" className="flex flex-col gap-4">
      {bill === null ? <NoBill log={log} /> : <Bill bill={bill} />}
      {log.tokens_estimated ? (
        <p className="text-muted-fg text-xs">
          The provider told no usage, or the answer broke off: the tokens are Conduit's own count.
        </p>
      ) : null}
    </section>
  );
}

interface BillProps {
  bill: NonNullable<ReturnType<typeof costBillOf>>;
}

function Bill({ bill }: BillProps) {
  const cell = "py-1 pl-3 text-right font-mono";
  return (
    <Scroller label="Lines of the bill">
      <table className="w-full text-13">
        <caption className="pb-2 text-left text-muted-fg text-xs">
          Prices as they were when the request was made.
        </caption>
        <thead>
          <tr className="border-border border-b text-muted-fg">
            <th scope="col" className="py-1 text-left font-medium">
              Part
            </th>
            <th scope="col" className="py-1 pl-3 text-right font-medium">
              Tokens
            </th>
            <th scope="col" className="py-1 pl-3 text-right font-medium">
              $ / 1M
            </th>
            <th scope="col" className="py-1 pl-3 text-right font-medium">
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {bill.parts.map((part) => (
            <tr key={part.id} data-cost-part={part.id}>
              <th scope="row" className="py-1 text-left font-normal">
                {part.label}
              </th>
              <td className={cell}>{part.tokens === null ? "" : formatCount(part.tokens)}</td>
              <td className={cell}>{part.tokens === null ? "" : `$${part.price_usd}`}</td>
              <td className={cell} data-amount>
                ${part.amount_usd}
              </td>
            </tr>
          ))}
          {bill.rounding_usd === null ? null : (
            <tr data-cost-part="rounding">
              <th scope="row" className="py-1 text-left font-normal">
                Rounding to a nano-dollar
              </th>
              <td />
              <td />
              <td className={cell} data-amount>
                {bill.rounding_usd.replace(/^(-?)/, "$1$")}
              </td>
            </tr>
          )}
        </tbody>
        <tfoot>
          <tr className="border-border border-t font-medium">
            <th scope="row" className="py-1 text-left font-medium">
              Total
            </th>
            <td />
            <td />
            <td className={cell} data-total>
              ${bill.total_usd}
            </td>
          </tr>
        </tfoot>
      </table>
    </Scroller>
  );
}

function NoBill({ log }: CostProps) {
  const { role } = useViewer();
  if (log.price_state === "unpriced") {
    return (
      <div className="flex flex-col items-start gap-2">
        <p>
          <span className="font-medium">—</span> No price is known for{" "}
          <code className="font-mono">{log.model ?? log.model_asked}</code>, so the cost is unknown.
        </p>
        {role === "admin" ? (
          <Link className={cn(buttonClass())} href="/settings/pricing">
            Add price
          </Link>
        ) : null}
      </div>
    );
  }
  if (log.outcome === "cached") {
    return (
      <p>
        <span className="font-mono">${log.cost_usd}</span>, saved{" "}
        <span className="font-mono">${log.saved_usd}</span>. The answer came from the cache.
      </p>
    );
  }
  return (
    <p>
      <span className="font-mono">${log.cost_usd}</span>. {whyNoBill(log)}
    </p>
  );
}

function whyNoBill(log: RequestLogDetail): string {
  if (log.outcome === "interrupted") {
    return "The process ended during this request, so what was reserved for it stands.";
  }
  return log.price_state === "free"
    ? "The deployment is free by declaration."
    : "No deployment answered, so nothing was charged.";
}
