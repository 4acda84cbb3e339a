"use client";

import { Download } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { withBasePath } from "../../_ui/base-path.ts";
import { cn } from "../../_ui/cn.ts";
import { buttonClass } from "../../_ui/primitives/button.tsx";

/** The table as a file, with exactly the page's filters. */
export function UsageExport() {
  const query = useSearchParams().toString();
  return (
    <a
      href={withBasePath(`/api/console/usage/export?${query}`)}
      download
      className={cn(buttonClass())}
    >
      <Download aria-hidden className="text-muted-fg" />
      Export CSV
    </a>
  );
}
