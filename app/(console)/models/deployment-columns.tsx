"use client";

import Link from "next/link";
import { getProviderLabel } from "#lib/catalog/providers.ts";
import type { DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { Chip } from "../../_ui/chip.tsx";
import { CircuitState } from "../../_ui/circuit-state.tsx";
import type { Column } from "../../_ui/data-table.tsx";
import { Duration } from "../../_ui/duration.tsx";
import { formatCount } from "../../_ui/format.ts";
import { Percent } from "../../_ui/percent.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";
import { ActiveSwitch } from "./active-switch.tsx";
import { PriceText } from "./price-text.tsx";
import { RowMenu } from "./row-menu.tsx";

/** What everybody sees of a deployment. */
export const COLUMNS: readonly Column<DeploymentBoardRow>[] = [
  {
    id: "name",
    header: "Name",
    sortKey: "name",
    cell: ({ deployment }) => (
      <Link href={`/models/${deployment.id}`} className="whitespace-nowrap hover:underline">
        {deployment.name}
      </Link>
    ),
  },
  {
    id: "model",
    header: "Upstream model",
    sortKey: "model",
    mobile: "line",
    cell: ({ deployment }) => (
      <span className="block max-w-56 truncate font-mono text-[13px]" title={deployment.model_name}>
        {deployment.model_name}
      </span>
    ),
  },
  {
    id: "provider",
    header: "Provider",
    sortKey: "provider",
    cell: ({ deployment }) => (
      <span className="block max-w-28 truncate" title={getProviderLabel(deployment.provider)}>
        {getProviderLabel(deployment.provider)}
      </span>
    ),
  },
  {
    id: "circuit",
    header: "Circuit",
    mobile: "side",
    cell: ({ deployment: { health, is_active: isActive } }) =>
      isActive ? (
        <CircuitState state={health.state} retryAt={health.retry_at} reason={health.reason} />
      ) : (
        <Chip>Off</Chip>
      ),
  },
  {
    id: "share",
    header: "Share",
    align: "end",
    cell: ({ share, deployment }) => (
      <span title={`Priority ${deployment.priority}, weight ${deployment.weight}`}>
        <Percent ratio={share} />
      </span>
    ),
  },
  {
    id: "aliases",
    header: "Aliases",
    isHidden: true,
    cell: ({ aliases }) => <AliasList names={aliases} />,
  },
  {
    id: "requests",
    header: "24 h",
    align: "end",
    sortKey: "requests",
    cell: ({ traffic }) => formatCount(traffic.requests),
  },
  {
    id: "errors",
    header: "Errors",
    align: "end",
    sortKey: "errors",
    cell: ({ traffic }) => <Percent ratio={traffic.error_rate} />,
  },
  {
    id: "failed",
    header: "Failed tries",
    align: "end",
    cell: ({ failed_tries: tries }) => <FailedTries tries={tries} />,
  },
  {
    id: "p95",
    header: "p95",
    align: "end",
    sortKey: "p95",
    cell: ({ traffic }) => <Duration ms={traffic.latency_p95_ms} />,
  },
  {
    id: "check",
    header: "Last check",
    cell: ({ last_check: check }) =>
      check === null ? (
        <span className="text-muted-fg">Unverified</span>
      ) : (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
          <span className={check.ok ? "text-success" : "text-danger"}>
            {check.ok ? "Passed" : "Failed"}
          </span>
          <Timestamp at={check.at} style="relative" className="text-muted-fg" />
        </span>
      ),
  },
  {
    id: "limits",
    header: "Limits",
    isHidden: true,
    cell: ({ deployment }) => limitsOf(deployment),
  },
  {
    id: "price",
    header: "Price per 1M",
    cell: ({ price }) => <PriceText price={price} />,
  },
  {
    id: "priority",
    header: "Priority",
    align: "end",
    isHidden: true,
    cell: ({ deployment }) => deployment.priority,
  },
  {
    id: "weight",
    header: "Weight",
    align: "end",
    isHidden: true,
    cell: ({ deployment }) => deployment.weight,
  },
];

/** The same with the ways to change one. */
export const EDITOR_COLUMNS: readonly Column<DeploymentBoardRow>[] = [
  ...COLUMNS.slice(0, 1),
  {
    id: "active",
    header: "Enabled",
    cell: ({ deployment }) => (
      <ActiveSwitch id={deployment.id} name={deployment.name} isActive={deployment.is_active} />
    ),
  },
  ...COLUMNS.slice(1),
  {
    id: "menu",
    header: "Actions",
    isFixed: true,
    isPinned: true,
    mobile: "side",
    align: "end",
    cell: ({ deployment }) => <RowMenu deployment={deployment} />,
  },
];

function limitsOf({ max_rpm: rpm, max_tpm: tpm }: DeploymentBoardRow["deployment"]): string {
  const parts = [
    rpm === null ? "" : `${formatCount(rpm)} RPM`,
    tpm === null ? "" : `${formatCount(tpm)} TPM`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "No limit" : parts.join(", ");
}

/** Tries that it failed while another may have answered: the error rate alone would hide them. */
function FailedTries({ tries }: { tries: number | null }) {
  if (tries === null) {
    return <span className="text-muted-fg">—</span>;
  }
  return <span className={tries > 0 ? "text-danger" : undefined}>{formatCount(tries)}</span>;
}

function AliasList({ names }: { names: readonly string[] }) {
  const [first, ...rest] = names;
  if (first === undefined) {
    return <span className="text-muted-fg">None</span>;
  }
  return (
    <span className="whitespace-nowrap" title={names.join(", ")}>
      <Link href={`/routing/${encodeURIComponent(first)}`} className="hover:underline">
        {first}
      </Link>
      {rest.length === 0 ? null : <span className="text-muted-fg"> and {rest.length} more</span>}
    </span>
  );
}
