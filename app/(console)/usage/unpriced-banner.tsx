import { TriangleAlert } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { UsageNotice } from "#lib/contract/usage-report.ts";
import { formatCount } from "../../_ui/format.ts";

export interface UnpricedBannerProps {
  notice: Promise<UsageNotice>;
  /** Who can give a price. */
  isAdmin: boolean;
}

/** Says which requests the sums of money leave out. */
export async function UnpricedBanner({ notice, isAdmin }: UnpricedBannerProps) {
  const { unpricedModels: models, unpricedRequests: requests } = await notice;
  if (requests === 0) {
    return null;
  }
  const who = models === 1 ? "One model has" : `${formatCount(models)} models have`;
  const what = requests === 1 ? "1 request is" : `${formatCount(requests)} requests are`;
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-lg bg-chip-warning-bg px-4 py-2 text-chip-warning-fg">
      <TriangleAlert aria-hidden className="size-4 shrink-0" />
      <span>
        {who} no price; {what} not in the spend shown here.
      </span>
      {isAdmin ? (
        <Link href={"/settings/pricing" as Route} className="font-medium underline">
          Add a price
        </Link>
      ) : null}
    </p>
  );
}
