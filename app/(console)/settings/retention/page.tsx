import type { Metadata } from "next";
import { showJobs } from "#lib/console/jobs.ts";
import { showRetention } from "#lib/console/retention.ts";
import { showSettings } from "#lib/console/settings.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Section } from "../../../_ui/section.tsx";
import { KeptTables } from "./kept-tables.tsx";
import { RetentionForm } from "./retention-form.tsx";
import { TeamSettings } from "./team-settings.tsx";

export const metadata: Metadata = { title: "Retention" };

export default async function RetentionPage() {
  const viewer = await requireViewer("setting.read");
  return (
    <>
      <PageHeader
        title="Retention"
        description="What is kept of requests and answers, and for how long."
      />
      <Section what="the retention settings" fallback={<Skeleton className="h-96" />}>
        <Form viewer={viewer} />
      </Section>
      <Section
        what="how much is kept"
        fallback={<Skeleton className="h-64" />}
        hint="The settings above still hold."
      >
        <Kept viewer={viewer} />
      </Section>
    </>
  );
}

async function Form({ viewer }: { viewer: Viewer }) {
  const info = await showSettings(viewer, "retention");
  return <RetentionForm key={info.version} info={info} />;
}

async function Kept({ viewer }: { viewer: Viewer }) {
  const { tables, teams } = await showRetention(viewer);
  const { jobs } = await showJobs(viewer);
  const job = jobs.find(({ name }) => name === "retention");
  return (
    <>
      <KeptTables tables={tables} job={job ?? null} />
      <TeamSettings teams={teams} />
    </>
  );
}
