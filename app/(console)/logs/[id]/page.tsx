import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { findRequestLog } from "#lib/console/request-logs.ts";
import { requireViewer } from "#lib/console/viewer.ts";
import { requestParams } from "#lib/contract/params.ts";
import { cn } from "../../../_ui/cn.ts";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { buttonClass } from "../../../_ui/primitives/button.tsx";
import { LogActions } from "../entry/log-actions.tsx";
import { LogEntry } from "../entry/log-entry.tsx";
import { LogHeading } from "../entry/log-heading.tsx";

export const metadata: Metadata = { title: "Request" };

interface LogPageProps {
  params: Promise<{ id: string }>;
}

export default async function LogPage({ params }: LogPageProps) {
  const viewer = await requireViewer("log.read");
  const { data: address } = requestParams.safeParse(await params);
  if (address === undefined) {
    notFound();
  }
  const found = await findRequestLog(viewer, address.id);
  const back = (
    <Link href="/logs" className="underline-offset-4 hover:underline">
      Logs
    </Link>
  );
  if (found.log === null) {
    return (
      <div className="mx-auto flex max-w-5xl flex-col gap-6 p-4 md:p-6">
        <PageHeader title="Request" breadcrumb={back} />
        <EmptyState
          title={found.reason}
          action={
            <Link href="/logs" className={cn(buttonClass())}>
              Back to the list
            </Link>
          }
        />
      </div>
    );
  }
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4 p-4 md:p-6">
      <PageHeader title="Request" breadcrumb={back} actions={<LogActions log={found.log} />} />
      <LogHeading log={found.log} />
      <LogEntry log={found.log} />
    </div>
  );
}
