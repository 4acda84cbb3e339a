"use client";

import { Download } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { withBasePath } from "../../_ui/base-path.ts";
import { buttonClass } from "../../_ui/primitives/button.tsx";

/** The keys of the list's filters as a file, whatever page is open. */
export function ExportKeys() {
  const query = new URLSearchParams(useSearchParams());
  for (const name of ["cursor", "size"]) {
    query.delete(name);
  }
  const suffix = query.size === 0 ? "" : `?${query}`;
  return (
    <a className={buttonClass()} href={withBasePath(`/api/console/keys/export${suffix}`)} download>
      <Download aria-hidden />
      Export CSV
    </a>
  );
}
