import type { AliasBoardRow } from "#lib/contract/alias-board.ts";
import { Chip } from "../../_ui/chip.tsx";
import { CircuitBadge } from "../../_ui/circuit-badge.tsx";
import { formatPercent } from "../../_ui/format.ts";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";

interface AliasViewProps {
  row: AliasBoardRow;
}

/** An alias to read: who answers, and who comes after them. */
export function AliasView({ row: { alias, members } }: AliasViewProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Members</CardTitle>
      </CardHeader>
      <CardBody className="flex flex-col gap-4 text-sm">
        <ul className="flex flex-col">
          {members.map((member) => (
            <li
              key={member.deployment_id}
              className="flex flex-wrap items-center gap-2 border-border border-b py-2 last:border-b-0"
            >
              <span className="font-medium">{member.deployment}</span>
              {member.is_active ? <CircuitBadge state={member.circuit} /> : <Chip>Off</Chip>}
              <span className="ml-auto text-muted-fg tabular-nums">
                {member.share === null ? "per request" : formatPercent(member.share)}
              </span>
            </li>
          ))}
        </ul>
        <p className="text-muted-fg">
          {alias.fallbacks.length === 0
            ? "It has no fallbacks."
            : `When all of them fail: ${alias.fallbacks.join(", then ")}.`}
        </p>
      </CardBody>
    </Card>
  );
}
