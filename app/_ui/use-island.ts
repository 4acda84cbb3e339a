"use client";

import { useCallback, useEffect, useState } from "react";
import { withBasePath } from "./base-path.ts";

export interface IslandOptions {
  /** Ask again after so many milliseconds, as long as the tab is visible. */
  everyMs?: number;
}

export interface IslandState<Data> {
  /** The last answer; kept while the next one is on its way, and when that fails. */
  data: Data | undefined;
  /** Why the last question failed; null when it did not. */
  error: IslandError | null;
  isLoading: boolean;
  /** Whether a newer answer is on its way for data that is shown already. */
  isRefreshing: boolean;
  refresh: () => void;
}

export interface IslandError {
  message: string;
  /** Null when no answer came at all. */
  status: number | null;
  requestId: string | null;
}

interface Held<Data> {
  path: string;
  data: Data;
}

/**
 * Reads `/api/console/…` in the browser. `null` asks nothing. A new path lets go of the old question
 * and shows nothing of its answer; polling stops while the tab is hidden.
 */
export function useIsland<Data>(
  path: `/api/console/${string}` | null,
  { everyMs }: IslandOptions = {},
): IslandState<Data> {
  const [held, setHeld] = useState<Held<Data>>();
  const [error, setError] = useState<(IslandError & { path: string }) | null>(null);
  const [asking, setAsking] = useState<string | null>(null);
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same path again.
  useEffect(() => {
    if (path === null) {
      return;
    }
    const controller = new AbortController();
    setAsking(path);
    readJson<Data>(path, controller.signal)
      .then((data) => {
        setHeld({ path, data });
        setError(null);
      })
      .catch((reason: unknown) => {
        if (!controller.signal.aborted) {
          setError({ ...islandErrorOf(reason), path });
        }
      })
      .finally(() => {
        if (!controller.signal.aborted) {
          setAsking(null);
        }
      });
    return () => controller.abort();
  }, [path, round]);

  const refresh = useCallback(() => setRound((before) => before + 1), []);
  useVisibleInterval(refresh, path === null ? undefined : everyMs);

  const data = held?.path === path ? held.data : undefined;
  const isAsking = path !== null && asking === path;
  return {
    data,
    error: error?.path === path ? error : null,
    isLoading: isAsking && data === undefined,
    isRefreshing: isAsking && data !== undefined,
    refresh,
  };
}

/** Runs at intervals while the tab can be seen, and at once when it comes back. */
function useVisibleInterval(run: () => void, everyMs: number | undefined): void {
  useEffect(() => {
    if (everyMs === undefined) {
      return;
    }
    let timer: ReturnType<typeof setInterval> | undefined;
    const adjust = () => {
      clearInterval(timer);
      if (document.visibilityState === "visible") {
        timer = setInterval(run, everyMs);
      }
    };
    const onChange = () => {
      adjust();
      if (document.visibilityState === "visible") {
        run();
      }
    };
    adjust();
    document.addEventListener("visibilitychange", onChange);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onChange);
    };
  }, [run, everyMs]);
}

class IslandFailure extends Error {
  readonly detail: IslandError;
  constructor(detail: IslandError) {
    super(detail.message);
    this.detail = detail;
  }
}

/** A JSON answer of the console's own endpoints. Throws `IslandFailure` with the reason it gave. */
async function readJson<Data>(path: `/${string}`, signal: AbortSignal): Promise<Data> {
  const response = await fetch(withBasePath(path), {
    signal,
    headers: { accept: "application/json" },
    cache: "no-store",
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok || body === undefined) {
    throw new IslandFailure({
      message: messageIn(body) ?? `The server answered with status ${response.status}.`,
      status: response.status,
      requestId: response.headers.get("x-request-id"),
    });
  }
  // Our own endpoint; its shape is the contract that the caller names.
  return body as Data;
}

function messageIn(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) {
    return undefined;
  }
  const { error } = body;
  return typeof error === "object" &&
    error !== null &&
    "message" in error &&
    typeof error.message === "string"
    ? error.message
    : undefined;
}

function islandErrorOf(reason: unknown): IslandError {
  return reason instanceof IslandFailure
    ? reason.detail
    : { message: "The server could not be reached.", status: null, requestId: null };
}
