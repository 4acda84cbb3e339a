import type { Route } from "next";
import Link from "next/link";
import type { RecentError } from "#lib/contract/overview.ts";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";
import { StatusChip } from "../../_ui/status-chip.tsx";
import { Timestamp } from "../../_ui/timestamp.tsx";

export interface ErrorsCardProps {
  errors: Promise<RecentError[]>;
}

/** The latest requests that failed; each opens in the logs. */
export async function ErrorsCard({ errors }: ErrorsCardProps) {
  const list = await errors;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Recent errors</CardTitle>
      </CardHeader>
      <CardBody>
        {list.length === 0 ? (
          <p className="text-muted-fg">Nothing failed in this time.</p>
        ) : (
          <ul className="-my-2 flex flex-col divide-y divide-border">
            {list.map((log) => (
              <li key={log.id} className="relative flex flex-col gap-1 py-2 hover:bg-surface">
                <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                  <Timestamp at={log.created_at} className="text-13 text-muted-fg" />
                  <Link
                    href={`/logs?log=${log.id}` as Route}
                    className="min-w-0 truncate font-mono text-13 underline-offset-4 after:absolute after:inset-0 hover:underline"
                  >
                    {log.model}
                  </Link>
                  <StatusChip
                    outcome={log.outcome}
                    errorCode={log.error_code}
                    status={log.status === 0 ? null : log.status}
                  />
                </div>
                <p className="truncate text-13 text-muted-fg">
                  {log.error_message ?? log.error_code ?? "No reason was given."}
                </p>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
