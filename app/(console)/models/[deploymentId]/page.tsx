import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { reachOf } from "#lib/catalog/roles.ts";
import {
  findDeploymentRow,
  showChecks,
  showCircuitEvents,
  showDeploymentSeries,
} from "#lib/console/deployment-detail.ts";
import { showRequestLogs } from "#lib/console/request-logs.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { requestLogQuery } from "#lib/contract/request-log.ts";
import { LinkTabs } from "../../../_ui/link-tabs.tsx";
import { PageBody } from "../../../_ui/page-body.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Section } from "../../../_ui/section.tsx";
import { CircuitTab } from "./circuit-tab.tsx";
import { ConfigTab } from "./config-tab.tsx";
import { DeploymentHeader } from "./deployment-header.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { RequestsTab } from "./requests-tab.tsx";

export const metadata: Metadata = { title: "Deployment" };

const TABS = [
  { id: "overview", label: "Overview" },
  { id: "circuit", label: "Circuit" },
  { id: "requests", label: "Requests" },
  { id: "config", label: "Config" },
];

export default async function DeploymentPage(props: PageProps<"/models/[deploymentId]">) {
  const viewer = await requireViewer("deployment.read");
  const { deploymentId } = await props.params;
  const row = (await findDeploymentRow(viewer, deploymentId)) ?? notFound();
  const { tab: asked, range } = await props.searchParams;
  const tab = TABS.find((each) => each.id === asked)?.id ?? "overview";
  const mayEdit =
    reachOf(viewer.principal.isAdmin ? "admin" : "member", "deployment.update") !== null;
  return (
    <PageBody>
      <DeploymentHeader row={row} mayEdit={mayEdit} />
      <LinkTabs label="Views" tabs={TABS} current={tab} />
      <Section what={`the ${tab}`} fallback={<Skeleton className="h-96" />} suspendOn={tab}>
        <TabContent {...{ tab, row, viewer, mayEdit }} isWeek={range === "7d"} />
      </Section>
    </PageBody>
  );
}

interface TabContentProps {
  tab: string;
  row: DeploymentBoardRow;
  viewer: Viewer;
  mayEdit: boolean;
  isWeek: boolean;
}

async function TabContent({ tab, row, viewer, mayEdit, isWeek }: TabContentProps) {
  const { id } = row.deployment;
  if (tab === "circuit") {
    const events = await showCircuitEvents(viewer, id);
    return <CircuitTab row={row} events={events} mayEdit={mayEdit} />;
  }
  if (tab === "requests") {
    const query = requestLogQuery.parse({ deployment: id, limit: 10 });
    return <RequestsTab id={id} logs={(await showRequestLogs(viewer, query)).logs} />;
  }
  if (tab === "config") {
    return <ConfigTab row={row} checks={await showChecks(viewer, id)} mayEdit={mayEdit} />;
  }
  const series = await showDeploymentSeries(viewer, { id, hours: isWeek ? 7 * 24 : 24 });
  return <OverviewTab row={row} series={series} isWeek={isWeek} isAll={viewer.principal.isAdmin} />;
}
