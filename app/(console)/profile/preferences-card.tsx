"use client";

import { useRouter } from "next/navigation";
import { useId } from "react";
import type { PreferencesInput } from "#lib/contract/preferences.ts";
import { Field } from "../../_ui/field.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { Select } from "../../_ui/primitives/select.tsx";
import { SwitchOption } from "../../_ui/primitives/switch.tsx";
import { useClock, usePreferences } from "../../_ui/viewer-context.tsx";
import { ZoneCombobox } from "../../_ui/zone-combobox.tsx";

const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;
const CLOCKS = [
  { value: "24h", label: "24 hours, 14:03" },
  { value: "12h", label: "12 hours, 2:03 pm" },
] as const;
const DENSITIES = [
  { value: "compact", label: "Compact" },
  { value: "default", label: "Normal" },
  { value: "relaxed", label: "Relaxed" },
] as const;

/** How the console looks to this person; every choice holds at once. */
export function PreferencesCard() {
  const { preferences, save } = usePreferences();
  const router = useRouter();

  async function choose(change: PreferencesInput) {
    if ((await save(change)) && change.zone !== undefined) {
      // Times on the page were written by the server in the zone before.
      router.refresh();
    }
  }

  return (
    <Card>
      <CardHeader>
        <CardTitle>Preferences</CardTitle>
        <CardDescription>They go with your account, and are saved as you choose.</CardDescription>
      </CardHeader>
      <CardBody className="flex flex-col gap-4">
        <ZoneChoice zone={preferences.zone} onChoose={(zone) => choose({ zone })} />
        <Field label="Clock">
          {(control) => (
            <Select
              {...control}
              options={CLOCKS}
              value={preferences.clock}
              onValueChange={(clock) => choose({ clock })}
            />
          )}
        </Field>
        <Field label="Theme">
          {(control) => (
            <Select
              {...control}
              options={THEMES}
              value={preferences.theme}
              onValueChange={(theme) => choose({ theme })}
            />
          )}
        </Field>
        <Field label="Rows of tables">
          {(control) => (
            <Select
              {...control}
              options={DENSITIES}
              value={preferences.density}
              onValueChange={(density) => choose({ density })}
            />
          )}
        </Field>
        <SwitchOption
          label="Single-key shortcuts"
          hint="Keys such as / and g u. Shortcuts with Ctrl or Cmd always work."
          checked={preferences.shortcuts}
          onCheckedChange={(shortcuts) => choose({ shortcuts })}
        />
        <SwitchOption
          label="Reduce motion"
          hint="Also when the system does not ask for it."
          checked={preferences.reducedMotion}
          onCheckedChange={(reducedMotion) => choose({ reducedMotion })}
        />
      </CardBody>
    </Card>
  );
}

type ZoneKind = "browser" | "UTC" | "reporting" | "other";

interface ZoneChoiceProps {
  zone: string;
  onChoose: (zone: string) => void;
}

function ZoneChoice({ zone, onChoose }: ZoneChoiceProps) {
  const id = useId();
  const clock = useClock();
  const kinds: { value: ZoneKind; label: string; hint?: string }[] = [
    { value: "browser", label: "This browser's" },
    { value: "UTC", label: "UTC" },
    { value: "reporting", label: "The organisation's", hint: clock.reportingZone },
    { value: "other", label: "Another one" },
  ];
  const kind = kinds.find(({ value }) => value === zone)?.value ?? "other";
  return (
    <div className="flex flex-col gap-2">
      <Field label="Time zone" hint={`Times are shown in ${clock.zone}.`}>
        {(control) => (
          <Select
            {...control}
            options={kinds}
            value={kind}
            onValueChange={(next) => onChoose(next === "other" ? clock.zone : next)}
          />
        )}
      </Field>
      {kind === "other" ? (
        <ZoneCombobox
          id={id}
          aria-label="Another time zone"
          value={zone}
          onValueChange={(next) => (next === null ? undefined : onChoose(next))}
        />
      ) : null}
    </div>
  );
}
