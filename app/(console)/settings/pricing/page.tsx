import type { Metadata } from "next";
import { showPrices, showUnpricedModels } from "#lib/console/prices.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { priceQuery } from "#lib/contract/price.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Section } from "../../../_ui/section.tsx";
import { PriceBoard } from "./price-board.tsx";

export const metadata: Metadata = { title: "Pricing" };

/** More overrides than this are no longer one page; the admin API pages through them. */
const MAX_ROWS = 200;

export default async function PricingPage() {
  const viewer = await requireViewer("price.set");
  return (
    <>
      <PageHeader
        title="Pricing"
        description="What models cost where the built-in catalogue does not know it, or you know better."
      />
      <Section what="the prices" fallback={<Skeleton className="h-96" />}>
        <Prices viewer={viewer} />
      </Section>
    </>
  );
}

async function Prices({ viewer }: { viewer: Viewer }) {
  const { prices, total } = await showPrices(viewer, priceQuery.parse({ limit: MAX_ROWS }));
  return <PriceBoard prices={prices} total={total} unpriced={await showUnpricedModels(viewer)} />;
}
