import type { Metadata } from "next";
import type { SearchParams } from "nuqs/server";
import { parseAsString } from "nuqs/server";
import { showPlaygroundScopes, showSnapshot } from "#lib/console/playground.ts";
import { showPlaygroundOfLog } from "#lib/console/playground-from-log.ts";
import { publicUrl } from "#lib/console/settings.ts";
import { requireViewer, type Viewer } from "#lib/console/viewer.ts";
import type { PlaygroundContent } from "#lib/contract/playground.ts";
import { isConduitError } from "#lib/errors.ts";
import { isUuid } from "#lib/ids.ts";
import { PageBody } from "../../_ui/page-body.tsx";
import { readParams } from "../../_ui/search-params.ts";
import { Workbench } from "./workbench.tsx";

export const metadata: Metadata = { title: "Playground" };

interface PlaygroundPageProps {
  searchParams: Promise<SearchParams>;
}

const PARAMS = { s: parseAsString, log: parseAsString };

interface Opened {
  content: PlaygroundContent | null;
  /** What the person has to know of what was opened. */
  notice: string | null;
}

export default async function PlaygroundPage({ searchParams }: PlaygroundPageProps) {
  const viewer = await requireViewer("playground.use");
  const { values } = readParams(PARAMS, await searchParams);
  const [scopes, opened] = await Promise.all([showPlaygroundScopes(viewer), open(viewer, values)]);
  return (
    <PageBody isWide>
      <Workbench
        key={values.s ?? values.log ?? "new"}
        scopes={scopes}
        content={opened.content}
        notice={opened.notice}
        baseUrl={publicUrl()}
      />
    </PageBody>
  );
}

async function open(
  viewer: Viewer,
  { s, log }: { s: string | null; log: string | null },
): Promise<Opened> {
  try {
    if (s !== null) {
      return isUuid(s) ? { content: await showSnapshot(viewer, s), notice: null } : MISSING;
    }
    if (log !== null) {
      return isUuid(log) ? await openLog(viewer, log) : MISSING;
    }
  } catch (error) {
    if (isConduitError(error) && error.status === 404) {
      return MISSING;
    }
    throw error;
  }
  return { content: null, notice: null };
}

const MISSING: Opened = {
  content: null,
  notice: "There is nothing at this address, or it is somebody else's.",
};

async function openLog(viewer: Viewer, id: string): Promise<Opened> {
  const found = await showPlaygroundOfLog(viewer, id);
  if (found.state === "unavailable") {
    return { content: null, notice: found.reason };
  }
  const { content, leftOut } = found;
  return { content, notice: leftOut.length === 0 ? null : `Left out: ${leftOut.join(", ")}.` };
}
