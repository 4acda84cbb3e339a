import type { CheckView, DeploymentBoardRow } from "#lib/contract/deployment-board.ts";
import { Duration } from "../../../_ui/duration.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { PriceText } from "../price-text.tsx";
import { Facts } from "./facts.tsx";
import { FormSlot } from "./form-slot.tsx";

interface ConfigTabProps {
  row: DeploymentBoardRow;
  checks: readonly CheckView[];
  mayEdit: boolean;
}

/** The settings: a form for admins, and for everybody else what is no secret. */
export function ConfigTab({ row, checks, mayEdit }: ConfigTabProps) {
  const { deployment, price } = row;
  if (!mayEdit) {
    return (
      <Facts
        facts={[
          ["Priority", deployment.priority],
          ["Weight", deployment.weight],
          ["Requests per minute", deployment.max_rpm ?? "No limit"],
          ["Tokens per minute", deployment.max_tpm ?? "No limit"],
          ["Price per 1M", <PriceText key="price" price={price} />],
        ]}
      />
    );
  }
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
      <FormSlot key={deployment.id} provider={deployment.provider} stored={deployment} />
      <Card>
        <CardHeader>
          <CardTitle>Connection tests</CardTitle>
        </CardHeader>
        <CardBody>
          {checks.length === 0 ? (
            <p className="text-muted-fg text-sm">
              Unverified: its connection was never tested as it is stored.
            </p>
          ) : (
            <CheckList checks={checks} />
          )}
        </CardBody>
      </Card>
    </div>
  );
}

function CheckList({ checks }: { checks: readonly CheckView[] }) {
  return (
    <ol className="flex flex-col text-sm">
      {checks.map((check) => (
        <li
          key={check.at}
          className="flex flex-col gap-1 border-border border-b py-2 last:border-b-0"
        >
          <span className="flex flex-wrap items-center gap-x-3">
            <span className={check.ok ? "text-success" : "text-danger"}>
              {check.ok ? "Passed" : "Failed"}
            </span>
            <Timestamp at={check.at} className="text-muted-fg" />
            <Duration ms={check.ms} className="ml-auto text-muted-fg" />
          </span>
          {check.note === null ? null : (
            <span className="max-h-24 overflow-auto whitespace-pre-wrap break-words font-mono text-xs">
              {check.note}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
