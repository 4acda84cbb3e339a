import type { Metadata } from "next";
import { LICENCES } from "#lib/catalog/licences.ts";
import { showInstall } from "#lib/console/install.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { InstallInfo } from "#lib/contract/install.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { Skeleton } from "../../../_ui/primitives/skeleton.tsx";
import { Section } from "../../../_ui/section.tsx";
import { type Fact, Facts } from "./facts.tsx";
import { Licences } from "./licences.tsx";

export const metadata: Metadata = { title: "About" };

export default async function AboutPage() {
  const viewer = await requireViewer("setting.read");
  return (
    <>
      <PageHeader title="About" description="What runs here, and whose work it stands on." />
      <Section what="the versions" fallback={<Skeleton className="h-64" />}>
        <Versions viewer={viewer} />
      </Section>
      <Licences rows={Object.entries(LICENCES)} />
    </>
  );
}

async function Versions({ viewer }: { viewer: Viewer }) {
  return <Facts facts={factsOf(await showInstall(viewer))} />;
}

const DATABASES = { embedded: "Embedded (PGlite)", postgres: "Postgres" } as const;
const SHARED = { redis: "Redis", upstash: "Upstash Redis" } as const;

function factsOf(info: InstallInfo): Fact[] {
  const { database, migrations, redis } = info;
  return [
    { label: "Conduit", value: info.version },
    { label: "Mode", value: info.mode + (info.serverless ? ", serverless" : "") },
    { label: "Node", value: info.node },
    { label: "Database", value: `${DATABASES[database.kind]} ${database.version}` },
    { label: "Shared limits", value: redis === null ? "In this process" : SHARED[redis] },
    { label: "Migrations", value: String(migrations.applied), at: migrations.last_at },
  ];
}
