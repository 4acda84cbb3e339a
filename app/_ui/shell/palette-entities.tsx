"use client";

import { useEffect, useState } from "react";
import { type Action, reachOf } from "#lib/catalog/roles.ts";
import type { LookupEntry, LookupType } from "#lib/contract/lookup.ts";
import { useIsland } from "../use-island.ts";
import { useViewer } from "../viewer-context.tsx";
import type { JumpTarget } from "./jump-target.ts";
import { PaletteGroup, PaletteItem } from "./palette-parts.tsx";

interface EntityKind {
  type: LookupType;
  heading: string;
  can: Action;
  hrefOf: (entry: LookupEntry) => JumpTarget["href"];
}

/** Things that have a page of their own. */
const KINDS: readonly EntityKind[] = [
  { type: "key", heading: "Keys", can: "key.read", hrefOf: ({ id }) => `/keys/${id}` },
  {
    type: "alias",
    heading: "Aliases",
    can: "alias.read",
    hrefOf: ({ id }) => `/routing/${encodeURIComponent(id)}`,
  },
  {
    type: "deployment",
    heading: "Deployments",
    can: "deployment.read",
    hrefOf: ({ id }) => `/models/${id}`,
  },
  {
    type: "prompt",
    heading: "Prompts",
    can: "prompt.read",
    hrefOf: ({ id }) => `/prompts/${encodeURIComponent(id)}`,
  },
  { type: "team", heading: "Teams", can: "team.read", hrefOf: ({ id }) => `/teams/${id}` },
];

const PAUSE_MS = 200;
const LEAST_LETTERS = 2;
const MOST = 5;

export interface PaletteEntitiesProps {
  text: string;
  onOpen: (target: JumpTarget) => void;
}

/** What is called as typed, asked of the server after a pause in typing. */
export function PaletteEntities({ text, onOpen }: PaletteEntitiesProps) {
  const { role } = useViewer();
  const asked = useSettled(text.trim());
  return KINDS.filter(({ can }) => reachOf(role, can) !== null).map((kind) => (
    <EntityGroup key={kind.type} kind={kind} text={asked} onOpen={onOpen} />
  ));
}

interface EntityGroupProps extends PaletteEntitiesProps {
  kind: EntityKind;
}

function EntityGroup({ kind, text, onOpen }: EntityGroupProps) {
  const { data } = useIsland<{ entries: LookupEntry[] }>(
    text.length < LEAST_LETTERS
      ? null
      : `/api/console/lookup/${kind.type}?q=${encodeURIComponent(text)}`,
  );
  return (
    <PaletteGroup heading={kind.heading}>
      {(data?.entries ?? []).slice(0, MOST).map((entry) => (
        <PaletteItem
          key={entry.id}
          value={`${kind.type} ${entry.name} ${entry.hint ?? ""} ${entry.id}`}
          onSelect={() => onOpen({ label: entry.name, href: kind.hrefOf(entry) })}
        >
          <span className="truncate">{entry.name}</span>
          {entry.hint === null ? null : (
            <span className="truncate text-muted-fg text-xs">{entry.hint}</span>
          )}
        </PaletteItem>
      ))}
    </PaletteGroup>
  );
}

/** A text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
