import { headers } from "next/headers";
import { listWhomToAsk } from "#lib/console/frame.ts";
import { getViewer } from "#lib/console/viewer.ts";
import { ForbiddenView } from "../_ui/shell/forbidden-view.tsx";

/** A page that the role does not allow: who could, and whom to ask. */
export default async function ForbiddenPage() {
  const viewer = await getViewer();
  const path = (await headers()).get("x-conduit-path")?.split("?")[0] ?? "";
  const admins = viewer === undefined ? [] : await listWhomToAsk(viewer);
  return <ForbiddenView path={path} admins={admins} />;
}
