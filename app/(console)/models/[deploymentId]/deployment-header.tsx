import Link from "next/link";
import { getProviderLabel } from "#lib/catalog/providers.ts";
import type { DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { Chip } from "../../../_ui/chip.tsx";
import { CircuitState } from "../../../_ui/circuit-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { ActiveSwitch } from "../active-switch.tsx";
import { RowMenu } from "../row-menu.tsx";

interface DeploymentHeaderProps {
  row: DeploymentBoardRow;
  mayEdit: boolean;
}

/** What it is and how it does, with what can be done about it. */
export function DeploymentHeader({ row: { deployment }, mayEdit }: DeploymentHeaderProps) {
  const { id, name, health, is_active: isActive } = deployment;
  return (
    <PageHeader
      breadcrumb={
        <Link href="/models" className="hover:underline">
          Models
        </Link>
      }
      title={name}
      description={
        <span className="flex flex-wrap items-center gap-2">
          <span>
            {getProviderLabel(deployment.provider)},{" "}
            <span className="font-mono">{deployment.model_name}</span>
          </span>
          {isActive ? (
            <CircuitState state={health.state} retryAt={health.retry_at} reason={health.reason} />
          ) : (
            <Chip>Off</Chip>
          )}
        </span>
      }
      actions={
        mayEdit ? (
          <>
            <ActiveSwitch id={id} name={name} isActive={isActive} />
            <RowMenu deployment={deployment} leaveTo="/models" />
          </>
        ) : null
      }
    />
  );
}
