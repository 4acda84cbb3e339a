import type { Metadata } from "next";
import { showHealth } from "#lib/console/health-report.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { PageHeader } from "../../_ui/page-header.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { Section } from "../../_ui/section.tsx";
import { HealthView } from "./health-view.tsx";

export const metadata: Metadata = { title: "Health" };

export default async function HealthPage() {
  const viewer = await requireViewer("health.read");
  return (
    <PageBody>
      <PageHeader
        title="Health"
        description="What the gateway stands on, and how each deployment did in the last 24 hours."
      />
      <Section what="the health report" fallback={<Skeleton className="h-[40rem]" />}>
        <Report viewer={viewer} />
      </Section>
    </PageBody>
  );
}

async function Report({ viewer }: { viewer: Viewer }) {
  return <HealthView first={await showHealth(viewer)} />;
}
