"use client";

import { useEffect, useRef, useState } from "react";
import type { RequestLogInfo } from "#lib/contract/request-log.ts";
import { LiveConnection, type LiveState } from "./live-connection.ts";

export interface LiveTail {
  /** What has ended since, newest first. */
  rows: RequestLogInfo[];
  state: LiveState;
  /** How many wait while the list is held. */
  waiting: number;
}

const FLUSH_MS = 250;
const MAX_ROWS = 500;

interface LiveTailOptions {
  isOn: boolean;
  /** Somebody reads: rows wait. */
  isHeld: boolean;
  /** The conditions of the list. */
  query: string;
  /** When the list was read: what has ended since comes first. */
  sinceMs: number;
}

/** Rows as they end, four times a second at most, the latest five hundred. */
export function useLiveTail({ isOn, isHeld, query, sinceMs }: LiveTailOptions): LiveTail {
  const [rows, setRows] = useState<RequestLogInfo[]>([]);
  const [state, setState] = useState<LiveState>("off");
  const [waiting, setWaiting] = useState(0);
  const buffer = useRef(new Map<string, RequestLogInfo>());
  const held = useRef(isHeld);
  held.current = isHeld;
  const since = useRef(sinceMs);

  useEffect(() => {
    if (!isOn) {
      return;
    }
    const incoming = buffer.current;
    const connection = new LiveConnection(query, since.current, {
      onRows: (fresh) => {
        for (const row of fresh) {
          incoming.set(row.id, row);
        }
      },
      onState: setState,
    });
    const timer = setInterval(() => {
      if (held.current) {
        setWaiting(incoming.size);
        return;
      }
      setWaiting(0);
      if (incoming.size > 0) {
        const fresh = [...incoming.values()];
        incoming.clear();
        setRows((before) => mergeRows(fresh, before).slice(0, MAX_ROWS));
      }
    }, FLUSH_MS);
    connection.start();
    return () => {
      connection.stop();
      clearInterval(timer);
      incoming.clear();
      setState("off");
      setRows([]);
      setWaiting(0);
    };
  }, [isOn, query]);

  return { rows, state, waiting };
}

/** Rows of both lists once each, newest first. */
export function mergeRows(
  fresh: readonly RequestLogInfo[],
  before: readonly RequestLogInfo[],
): RequestLogInfo[] {
  const all = new Map([...before, ...fresh].map((row) => [row.id, row]));
  // Ids begin with the time of the request.
  return [...all.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
}
