"use client";

import { Download } from "lucide-react";
import { withBasePath } from "../../_ui/base-path.ts";
import { Button } from "../../_ui/primitives/button.tsx";
import { Menu, MenuContent, MenuLink, MenuTrigger } from "../../_ui/primitives/menu.tsx";

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
  return (
    <Menu>
      <MenuTrigger render={<Button />}>
        <Download aria-hidden />
        Export
      </MenuTrigger>
      <MenuContent>
        {FORMATS.map(({ id, label }) => (
          <MenuLink
            key={id}
            href={withBasePath(`/api/console/audit/export?format=${id}&${query}`)}
            download
          >
            {label}
          </MenuLink>
        ))}
      </MenuContent>
    </Menu>
  );
}
