"use client";

import { Download } from "lucide-react";
import { withBasePath } from "../../_ui/base-path.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Menu, MenuContent, MenuItem, MenuTrigger } from "../../_ui/primitives/menu.tsx";
import { useSessionGuard } from "../../_ui/session-guard.tsx";
import { confirmExport } from "./actions.ts";

const FORMATS = [
  { id: "csv", label: "CSV, for spreadsheets" },
  { id: "ndjson", label: "NDJSON, one event a line" },
] as const;

export interface ExportMenuProps {
  /** The list's filter, as the export takes it. */
  query: string;
}

/** The events of the list's filter as a file; the export is itself an event. */
export function ExportMenu({ query }: ExportMenuProps) {
  const guard = useSessionGuard();

  async function download(format: string) {
    const result = await guard.run(() => confirmExport({}));
    if (result.ok) {
      window.location.assign(withBasePath(`/api/console/audit/export?format=${format}&${query}`));
    }
  }

  return (
    <Menu>
      <MenuTrigger render={<Button />}>
        <Download aria-hidden />
        Export
      </MenuTrigger>
      <MenuContent>
        {FORMATS.map(({ id, label }) => (
          <MenuItem key={id} onClick={() => download(id)}>
            {label}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
