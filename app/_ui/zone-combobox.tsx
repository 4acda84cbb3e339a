"use client";

import { useMemo } from "react";
import type { FieldControl } from "./field.tsx";
import { Combobox } from "./primitives/combobox.tsx";
import type { ComboboxOption } from "./primitives/combobox-parts.tsx";

export interface ZoneComboboxProps extends Partial<FieldControl> {
  value: string | null;
  onValueChange: (zone: string | null) => void;
}

/**
 * A choice among all IANA time zones, with how far each is from UTC now:
 * `<ZoneCombobox {...control} value={zone} onValueChange={setZone} />`
 */
export function ZoneCombobox({ value, onValueChange, ...wiring }: ZoneComboboxProps) {
  const options = useMemo(() => zoneOptions(value), [value]);
  return (
    <Combobox
      options={options}
      value={value}
      onValueChange={onValueChange}
      placeholder="Search for a city"
      emptyText="No time zone matches."
      {...wiring}
    />
  );
}

/** A stored zone that this browser does not list stays choosable. */
function zoneOptions(value: string | null): ComboboxOption[] {
  const known = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
  const zones = value === null || known.includes(value) ? known : [value, ...known];
  return zones.map((zone) => ({ value: zone, label: zone, hint: offsetOf(zone) }));
}

function offsetOf(zone: string): string | undefined {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
  return parts.formatToParts(new Date()).find(({ type }) => type === "timeZoneName")?.value;
}
