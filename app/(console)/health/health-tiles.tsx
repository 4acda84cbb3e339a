import type { ReactNode } from "react";
import type { HealthReport } from "#lib/contract/health-report.ts";
import { Chip, type ChipProps } from "../../_ui/chip.tsx";
import { formatCount, formatDuration, UNKNOWN } from "../../_ui/format.ts";

interface HealthTilesProps {
  report: HealthReport;
}

/** Above this a process answers late, whatever the upstreams do. */
const SLOW_LOOP_MS = 100;
/** So many rows are a second or two of heavy traffic. */
const LONG_QUEUE = 5000;

const REDIS = {
  ok: { word: "Up", tone: "success" },
  not_configured: { word: "Not used", tone: "neutral" },
  unavailable: { word: "Away", tone: "danger" },
} as const;

/** What everything stands on; each tile says what its state means. */
export function HealthTiles({ report }: HealthTilesProps) {
  const { redis, loop_lag_ms: lag, queued } = report;
  const isSlow = lag !== null && lag > SLOW_LOOP_MS;
  return (
    <dl className="grid gap-3 sm:grid-cols-2 xl:grid-cols-5">
      <DatabaseTile database={report.database} />
      <Tile name="Redis" tone={REDIS[redis.state].tone} word={REDIS[redis.state].word}>
        {redis.effect}
      </Tile>
      <Tile
        name="Event loop lag"
        tone={isSlow ? "warning" : "success"}
        word={isSlow ? "Slow" : "Fine"}
        value={formatDuration(lag)}
      >
        The slowest process, 99th percentile of 15 s.
      </Tile>
      <QueueTiles queued={queued} />
    </dl>
  );
}

function DatabaseTile({ database }: { database: HealthReport["database"] }) {
  const { ok, ms, kind } = database;
  return (
    <Tile
      name="Database"
      tone={ok ? "success" : "danger"}
      word={ok ? "Up" : "Away"}
      value={ms === null ? UNKNOWN : formatDuration(ms)}
    >
      {ok
        ? `${kind === "embedded" ? "Embedded" : "Postgres"}, asked just now.`
        : "Known keys still work, and requests are kept in the journal until it is back."}
    </Tile>
  );
}

/** Sums and rows are written together, so that what waits is exactly what the sums lack. */
function QueueTiles({ queued }: { queued: number | null }) {
  const waiting = queued ?? 0;
  const tone = waiting > LONG_QUEUE ? "warning" : "success";
  return (
    <>
      <Tile
        name="Queue"
        tone={tone}
        word={waiting > LONG_QUEUE ? "Long" : "Fine"}
        value={formatCount(queued)}
      >
        Log rows and contents that wait for the database.
      </Tile>
      <Tile name="Sums" tone={tone} word={waiting === 0 ? "Up to date" : "Catching up"}>
        {waiting === 0
          ? "Usage sums are written with the rows they count, and no row waits."
          : `Up to ${formatCount(waiting)} requests are not in the usage sums yet.`}
      </Tile>
    </>
  );
}

interface TileProps {
  name: string;
  tone: ChipProps["tone"];
  word: string;
  value?: string;
  children: ReactNode;
}

function Tile({ name, tone, word, value, children }: TileProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1 rounded-lg border border-border bg-bg p-4">
      <dt className="flex items-center justify-between gap-2 text-muted-fg text-sm">
        {name} <Chip tone={tone}>{word}</Chip>
      </dt>
      {value === undefined ? null : <dd className="font-semibold text-xl tabular-nums">{value}</dd>}
      <dd className="text-muted-fg text-xs">{children}</dd>
    </div>
  );
}
