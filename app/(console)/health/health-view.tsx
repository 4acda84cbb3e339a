"use client";

import { RefreshCw } from "lucide-react";
import type { HealthReport } from "#lib/contract/health-report.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { useShortcut } from "../../_ui/shell/use-shortcut.ts";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { useIsland } from "../../_ui/use-island.ts";
import { CircuitBoard } from "./circuit-board.tsx";
import { HealthTiles } from "./health-tiles.tsx";
import { InstanceTable } from "./instance-table.tsx";
import { JobTable } from "./job-table.tsx";
import { ProbeList } from "./probe-list.tsx";

interface HealthViewProps {
  /** What the server rendered; newer answers take its place. */
  first: HealthReport;
}

const EVERY_MS = 15_000;

/** The whole page, asked for anew every fifteen seconds while somebody can see it. */
export function HealthView({ first }: HealthViewProps) {
  const { data, error, isLoading, isRefreshing, refresh } = useIsland<HealthReport>(
    "/api/console/health",
    { everyMs: EVERY_MS },
  );
  useShortcut("r", refresh, { label: "Refresh health" });
  const report = data ?? first;
  return (
    <div className="flex flex-col gap-4" aria-busy={isRefreshing}>
      <div className="flex flex-wrap items-center justify-between gap-2 text-muted-fg text-sm">
        <p>
          As of <Timestamp at={report.at} />, every 15 s while this page can be seen.
          {error === null ? null : (
            <span className="text-danger"> The last question failed: {error.message}</span>
          )}
        </p>
        <Button onClick={refresh} isPending={isLoading || isRefreshing}>
          {isLoading || isRefreshing ? null : <RefreshCw aria-hidden />} Refresh
        </Button>
      </div>
      <HealthTiles report={report} />
      <Card>
        <CardHeader>
          <CardTitle>Deployments</CardTitle>
          <CardDescription>
            Circuits now, and 96 quarters of an hour: the share of requests that were answered.
          </CardDescription>
        </CardHeader>
        <CardBody>
          <CircuitBoard circuits={report.circuits} instances={report.instances.length} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Jobs</CardTitle>
        </CardHeader>
        <CardBody>
          <JobTable jobs={report.jobs} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader>
          <CardTitle>Processes</CardTitle>
          {report.is_mixed ? (
            <CardDescription className="text-warning">
              Several versions serve at once. Finish the roll-out before changing settings.
            </CardDescription>
          ) : null}
        </CardHeader>
        <CardBody>
          <InstanceTable instances={report.instances} />
        </CardBody>
      </Card>
      <ProbeList />
    </div>
  );
}
