"use client";

import { useRef } from "react";
import type { PlaygroundGrant } from "#lib/contract/playground.ts";
import { mintGrant } from "./actions.ts";

/** A grant with less than this left is not begun with. */
const LEAST_LEFT_MS = 30_000;

export interface Grants {
  /** A secret that is good for a while; throws with the reason when there is none to have. */
  take: (teamId: string | null) => Promise<string>;
  /** Makes the next one new: the gateway has refused what we had. */
  drop: () => void;
}

/** The playground's secret. It lives in this page's memory, and in nothing that outlasts it. */
export function useGrant(): Grants {
  const held = useRef<{ teamId: string | null; grant: Promise<PlaygroundGrant> } | null>(null);

  async function take(teamId: string | null): Promise<string> {
    const present = held.current?.teamId === teamId ? await held.current.grant : undefined;
    if (present !== undefined && Date.parse(present.expires_at) - Date.now() > LEAST_LEFT_MS) {
      return present.token;
    }
    const grant = mint(teamId);
    held.current = { teamId, grant };
    grant.catch(() => {
      held.current = null;
    });
    return (await grant).token;
  }

  return {
    take,
    drop: () => {
      held.current = null;
    },
  };
}

async function mint(teamId: string | null): Promise<PlaygroundGrant> {
  const result = await mintGrant({ team_id: teamId });
  if (!result.ok) {
    throw new Error(result.formError ?? "The playground could not be opened.");
  }
  return result.value;
}
