"use client";

import type { Route } from "next";
import Link from "next/link";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { useState } from "react";
import { toast } from "sonner";
import type { KeyListRow } from "#lib/contract/api-key-list.ts";
import { BudgetBar } from "../../../_ui/budget-bar.tsx";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { EntityId } from "../../../_ui/entity-id.tsx";
import { formatCount } from "../../../_ui/format.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Button } from "../../../_ui/primitives/button.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";
import { endKeyGrace } from "../actions.ts";
import { keyName } from "../key-cells.tsx";
import { KeyStateChip } from "../key-state-chip.tsx";
import { useKeyVerbs } from "../use-key-verbs.tsx";

export interface KeyHeadProps {
  row: KeyListRow;
}

/** Which key it is, how it stands, and what can be done with it. */
export function KeyHead({ row }: KeyHeadProps) {
  const verbs = useKeyVerbs();
  const name = keyName(row);
  const target = { id: row.id, name };
  return (
    <>
      <PageHeader
        breadcrumb={
          <Link href={"/keys" as Route} className="underline-offset-4 hover:underline">
            Keys
          </Link>
        }
        title={name}
        description={row.note ?? undefined}
        actions={
          row.state === "revoked" ? null : (
            <>
              <Button onClick={() => verbs.run("rotate", target)}>Rotate</Button>
              <Button onClick={() => verbs.run(row.is_active ? "disable" : "enable", target)}>
                {row.is_active ? "Disable" : "Enable"}
              </Button>
              <Button className="text-danger" onClick={() => verbs.run("revoke", target)}>
                Revoke
              </Button>
            </>
          )
        }
      />
      {row.grace_until === null || row.state === "revoked" ? null : (
        <GraceNotice row={row} until={row.grace_until} />
      )}
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 rounded-lg border border-border p-4 text-sm sm:grid-cols-3 lg:grid-cols-6">
        <Fact label="Status">
          <KeyStateChip facts={row} />
        </Fact>
        <Fact label="Key">
          <code className="font-mono text-13">{row.key_prefix}</code>
        </Fact>
        <Fact label="Owner">
          <span className="block truncate">{row.user_email}</span>
        </Fact>
        <Fact label="Team">
          {row.team_id === null || row.team_name === null ? (
            "None"
          ) : (
            <Link
              href={`/teams/${row.team_id}` as Route}
              className="underline-offset-4 hover:underline"
            >
              {row.team_name}
            </Link>
          )}
        </Fact>
        <Fact label="Last used">
          <Timestamp at={row.last_used_at} style="relative" fallback="Never" />
          {row.last_used_ip === null ? null : (
            <span className="block truncate text-muted-fg text-xs">from {row.last_used_ip}</span>
          )}
        </Fact>
        <Fact label="24 hours">{formatCount(row.requests_24h)} requests</Fact>
        <Fact label="Budget">
          <BudgetBar
            name={name}
            spentUsd={row.spend_usd}
            limitUsd={row.budget_limit_usd}
            raiseUsd={row.budget_raise_usd}
            period={row.budget_period}
            resetsAt={row.resets_at}
            softPercent={row.soft_limit_percent}
          />
        </Fact>
        <Fact label="Expires">
          <Timestamp at={row.expires_at} style="day" fallback="Never" />
        </Fact>
        <Fact label="Created">
          <Timestamp at={row.created_at} style="day" />
        </Fact>
        <Fact label="Id">
          <EntityId id={row.id} what="key id" />
        </Fact>
      </dl>
      {verbs.dialogs}
    </>
  );
}

interface FactProps {
  label: string;
  children: ReactNode;
}

function Fact({ label, children }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="mb-1 text-muted-fg text-xs">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

interface GraceNoticeProps {
  row: KeyListRow;
  until: string;
}

function GraceNotice({ row, until }: GraceNoticeProps) {
  const router = useRouter();
  const [isEnding, setEnding] = useState(false);
  return (
    <section
      aria-label="Rotation"
      className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-border bg-surface px-4 py-3 text-sm"
    >
      <p>
        Two secrets open this key: <code className="font-mono text-13">{row.key_prefix}</code> and
        the one before it, until <Timestamp at={until} />.
      </p>
      <Button onClick={() => setEnding(true)}>End grace now</Button>
      <ConfirmDialog
        isOpen={isEnding}
        onOpenChange={setEnding}
        title={`End the grace of ${keyName(row)}`}
        verb="End grace"
        effect={<p>Callers that still use the old secret are refused at once.</p>}
        action={endKeyGrace}
        input={{ id: row.id }}
        onDone={() => {
          toast("Only the newest secret opens the key now");
          router.refresh();
        }}
      />
    </section>
  );
}
