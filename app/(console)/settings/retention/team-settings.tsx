import type { Route } from "next";
import Link from "next/link";
import type { TeamStorage } from "#lib/contract/retention.ts";
import { Chip } from "../../../_ui/chip.tsx";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../../_ui/primitives/card.tsx";

const WORDS = { metadata: "Metadata only", full: "Everything, sealed" } as const;

export interface TeamSettingsProps {
  teams: readonly TeamStorage[];
}

/** The teams whose own setting wins over that of the install. */
export function TeamSettings({ teams }: TeamSettingsProps) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>Teams with a setting of their own</CardTitle>
        <CardDescription>A team's setting is on the page of the team.</CardDescription>
      </CardHeader>
      <CardBody>
        {teams.length === 0 ? (
          <p className="text-muted-fg text-sm">None: the setting above holds for every team.</p>
        ) : (
          <ul className="flex flex-col divide-y divide-border text-sm">
            {teams.map(({ id, name, payload_storage }) => (
              <li key={id} className="flex flex-wrap items-center justify-between gap-2 py-2">
                <Link
                  href={`/teams/${id}` as Route}
                  className="break-all text-primary underline-offset-4 hover:underline"
                >
                  {name}
                </Link>
                <Chip tone={payload_storage === "full" ? "info" : "neutral"}>
                  {WORDS[payload_storage]}
                </Chip>
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
