"use client";

import { Columns3 } from "lucide-react";
import type { Column } from "./data-table.tsx";
import { Button } from "./primitives/button.tsx";
import {
  Menu,
  MenuCheckboxItem,
  MenuContent,
  MenuItem,
  MenuSeparator,
  MenuTrigger,
} from "./primitives/menu.tsx";
import { usePreferences } from "./viewer-context.tsx";

interface ColumnChooserProps<Row> {
  tableName: string;
  columns: readonly Column<Row>[];
  visible: readonly Column<Row>[];
}

/** Which columns a table shows, kept with the person and not with the browser. */
export function ColumnChooser<Row>({ tableName, columns, visible }: ColumnChooserProps<Row>) {
  const { save } = usePreferences();
  const shownIds = visible.map((column) => column.id);
  const choices = columns.filter((column, index) => index > 0 && column.isFixed !== true);

  function toggle(id: string) {
    const next = shownIds.includes(id)
      ? shownIds.filter((each) => each !== id)
      : columns.map((column) => column.id).filter((each) => shownIds.includes(each) || each === id);
    void save({ columns: { [tableName]: next } });
  }

  if (choices.length === 0) {
    return null;
  }
  return (
    <Menu>
      <MenuTrigger
        render={
          <Button variant="ghost" className="max-md:hidden">
            <Columns3 aria-hidden />
            Columns
          </Button>
        }
      />
      <MenuContent>
        {choices.map((column) => (
          <MenuCheckboxItem
            key={column.id}
            checked={shownIds.includes(column.id)}
            closeOnClick={false}
            onCheckedChange={() => toggle(column.id)}
          >
            {column.header}
          </MenuCheckboxItem>
        ))}
        <MenuSeparator />
        <MenuItem onClick={() => void save({ columns: { [tableName]: null } })}>
          Default columns
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
