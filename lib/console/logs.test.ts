import { afterAll, beforeAll, expect, test } from "vitest";
import { MAX_EXPORT_ROWS } from "#lib/contract/log-export.ts";
import { readLogFilter } from "#lib/contract/log-filter.ts";
import { readCursor } from "#lib/contract/log-list.ts";
import type { RequestRecord } from "#lib/contract/record.ts";
import { getSql } from "#lib/db/client.ts";
import { logRowOf } from "#lib/db/request-log-row.ts";
import { insertRecords } from "#lib/db/request-logs.ts";
import { newId } from "#lib/ids.ts";
import { dropSingleton } from "#lib/singleton.ts";
import { parseEvents } from "#lib/sse.ts";
import { announceStop } from "#lib/stopping.ts";
import { openTestDatabase, type TestDatabase } from "#lib/testing/database.ts";
import { makePerson, makeTeam, type PersonActor } from "#lib/testing/people.ts";
import { makeAttempt, makeRecord } from "#lib/testing/records.ts";
import { exportLogs } from "./log-export.ts";
import { type LogListQuery, showLogList, showNeighbours } from "./log-list.ts";
import { showLogFacets, showLogHistogram } from "./log-stats.ts";
import { streamLogs } from "./log-stream.ts";
import { showRequestLog } from "./request-logs.ts";
import { deleteView, saveView, showSavedViews } from "./saved-views.ts";

const START_MS = Date.UTC(2026, 9, 5, 12, 0);
const MINUTE_MS = 60_000;
const FROM = new Date(START_MS);
const TO = new Date(START_MS + 60 * MINUTE_MS);
const OTHER_USER = newId();

let database: TestDatabase;
let admin: PersonActor;
let lead: PersonActor;
let member: PersonActor;
let stranger: PersonActor;
let teamId: string;
let records: RequestRecord[];

const at = (minutes: number) => newId(START_MS + minutes * MINUTE_MS);
const store = (rows: readonly RequestRecord[]) =>
  insertRecords(getSql(), `[${rows.map(logRowOf).join(",")}]`);

beforeAll(async () => {
  database = await openTestDatabase();
  const team = await makeTeam("Search");
  teamId = team.id;
  admin = await makePerson({ role: "admin" });
  lead = await makePerson({ role: "team_admin", teamIds: [team.id] });
  member = await makePerson({ role: "member", teamIds: [team.id] });
  stranger = await makePerson({ role: "team_admin" });
  const own = { userId: member.principal.id, teamId: team.id };
  const limited = { outcome: "limited", status: 429, costNanos: 0n } as const;
  records = [
    makeRecord({ ...own, id: at(0), costNanos: 5_000n, latencyMs: 900 }),
    makeRecord({ ...own, id: at(1), ...limited, errorCode: "rate_limit_exceeded" }),
    makeRecord({ ...own, id: at(2), ...limited, errorCode: "budget_exceeded" }),
    makeRecord({
      userId: OTHER_USER,
      teamId: team.id,
      id: at(3),
      stream: true,
      modelAsked: "fast",
      alias: "fast",
      model: "claude-sonnet-5",
      provider: "anthropic",
      deploymentName: "gone",
      attempts: [makeAttempt({ ended: "server", status: 500 }), makeAttempt()],
      costNanos: 9_000n,
      latencyMs: 100,
      cacheResult: "BYPASS",
    }),
    makeRecord({
      userId: OTHER_USER,
      id: at(4),
      outcome: "provider_error",
      status: 503,
      errorCode: "no_healthy_upstream",
      costNanos: 0n,
      model: null,
      deploymentId: null,
      deploymentName: null,
      provider: null,
      tags: { env: "ci" },
    }),
    makeRecord({ userId: OTHER_USER, id: at(5), priceState: "unpriced", costNanos: 0n }),
  ];
  await store(records);
});
afterAll(() => database.close());

const query = (search = "", changes: Partial<LogListQuery> = {}): LogListQuery => {
  const params = Object.fromEntries(new URLSearchParams(search));
  const { filter, ignored } = readLogFilter(params);
  expect(ignored).toEqual([]);
  return {
    filter,
    from: FROM,
    to: TO,
    sort: "time",
    direction: "desc",
    size: 50,
    mark: "m",
    ...changes,
  };
};
const idsOf = (logs: readonly { id: string }[]) => logs.map(({ id }) => id);
const places = (logs: readonly { id: string }[]) =>
  logs.map(({ id }) => records.findIndex((record) => record.id === id));

test("a member sees own requests, a team admin those of the team, an admin all", async () => {
  const seenBy = async (actor: PersonActor) => places((await showLogList(actor, query())).logs);

  expect(await seenBy(admin)).toEqual([5, 4, 3, 2, 1, 0]);
  expect(await seenBy(lead)).toEqual([3, 2, 1, 0]);
  expect(await seenBy(member)).toEqual([2, 1, 0]);
  expect(await seenBy(stranger)).toEqual([]);
});

test("an entry outside of one's reach is not found, like one that is not there", async () => {
  const foreign = records[3]?.id ?? "";

  await expect(showRequestLog(member, foreign)).rejects.toMatchObject({ code: "not_found" });
  await expect(showRequestLog(stranger, foreign)).rejects.toMatchObject({ code: "not_found" });
  await expect(showRequestLog(admin, newId())).rejects.toMatchObject({ code: "not_found" });
  expect(await showRequestLog(lead, foreign)).toMatchObject({ id: foreign, attempts: 2 });
});

test("counts, bars and neighbours stay within reach too", async () => {
  const range = { filter: {}, from: FROM, to: TO };
  const histogram = await showLogHistogram(member, { ...range, zone: "UTC" });
  const facets = await showLogFacets(member, { ...range, facets: ["provider", "user"] });

  expect(histogram.total).toBe(3);
  expect(facets.provider).toEqual([{ value: "openai", label: "openai", requests: 3 }]);
  expect(facets.user?.map(({ value }) => value)).toEqual([member.principal.id]);
  expect(await showNeighbours(member, { ...query(), id: records[2]?.id ?? "" })).toEqual({
    newer: null,
    older: records[1]?.id,
  });
});

test.each<[string, number[]]>([
  ["outcome=rate_limited", [1]],
  ["outcome=over_budget", [2]],
  ["outcome=over_budget,rate_limited", [2, 1]],
  ["outcome=!over_budget", [5, 4, 3, 1, 0]],
  ["outcome=no_deployment", [4]],
  ["outcome=provider_error", []],
  ["code=429", [2, 1]],
  ["code=!200", [4, 2, 1]],
  ["error=budget_exceeded", [2]],
  ["error=!budget_exceeded", [5, 4, 3, 1, 0]],
  ["model=claude-sonnet-5", [3]],
  ["model=!claude-sonnet-5", [5, 4, 2, 1, 0]],
  ["model=gpt-4o&outcome=no_deployment", [4]],
  ["asked=fast", [3]],
  ["dep=gone", [3]],
  ["dep=!gone", [5, 4, 2, 1, 0]],
  ["provider=!openai", [4, 3]],
  ["cache=off", [3]],
  ["cache=!off", [5, 4, 2, 1, 0]],
  ["tag=env%3Dci", [4]],
  ["tag=!env%3Dci", [5, 3, 2, 1, 0]],
  ["stream=true", [3]],
  ["fallback=true", [3]],
  ["unpriced=true", [5]],
  ["minlat=500", [0]],
  ["mincost=0.000009", [3]],
  ["mintok=16", []],
  ["mintok=15", [5, 4, 3, 2, 1, 0]],
  ["stream=false&code=200&unpriced=false&model=gpt-4o&minlat=500&provider=openai", [0]],
])(
  "the filter %s shows exactly its rows, and the bars count the same",
  async (search, expected) => {
    const { logs } = await showLogList(admin, query(search));
    const { filter } = query(search);
    const histogram = await showLogHistogram(admin, { filter, from: FROM, to: TO, zone: "UTC" });

    expect(places(logs)).toEqual(expected);
    expect(histogram.total).toBe(expected.length);
  },
);

test("every bar leads to exactly the rows that it counts", async () => {
  const range = { filter: {}, from: new Date(START_MS - 12_345), to: TO };
  const { buckets } = await showLogHistogram(admin, { ...range, zone: "Asia/Kathmandu" });

  for (const bucket of buckets) {
    const page = await showLogList(
      admin,
      query("", { from: new Date(bucket.start), to: new Date(bucket.end) }),
    );
    expect(page.logs).toHaveLength(bucket.total);
  }
  expect(buckets.filter(({ total }) => total > 0)).toHaveLength(6);
});

test("pages go forward and back while rows arrive: none twice, none left out", async () => {
  const day = {
    from: new Date(START_MS + 100 * MINUTE_MS),
    to: new Date(START_MS + 400 * MINUTE_MS),
  };
  const first = Array.from({ length: 23 }, (_, n) => makeRecord({ id: at(101 + n) }));
  await store(first);
  const pageAt = (text: string | null) =>
    showLogList(admin, query("", { ...day, size: 5, cursor: readCursor(text ?? "") }));

  const forward = [await pageAt(null)];
  while (forward.at(-1)?.older) {
    await store(
      Array.from({ length: 3 }, (_, n) => makeRecord({ id: at(200 + forward.length * 3 + n) })),
    );
    forward.push(await pageAt(forward.at(-1)?.older ?? null));
  }
  const back = [forward.at(-1)];
  while (back.at(-1)?.newer) {
    back.push(await pageAt(back.at(-1)?.newer ?? null));
  }

  const newestFirst = first.map(({ id }) => id).toReversed();
  expect(forward.map(({ logs }) => logs.length)).toEqual([5, 5, 5, 5, 3]);
  expect(forward.flatMap(({ logs }) => idsOf(logs))).toEqual(newestFirst);
  expect(back.toReversed().flatMap((page) => idsOf(page?.logs ?? []))).toEqual(newestFirst);
  expect(forward.map((page) => page.new_count)).toEqual([0, 3, 6, 9, 12]);
  expect(back.at(-1)?.new_count).toBe(12);
});

test("a day may be ordered by cost or latency, in pages and both ways; more may not", async () => {
  const walk = async (changes: Partial<LogListQuery>) => {
    const seen: number[] = [];
    let cursor = readCursor("");
    do {
      const page = await showLogList(admin, query("", { ...changes, size: 2, cursor }));
      seen.push(...places(page.logs));
      cursor = page.older === null ? undefined : readCursor(page.older);
    } while (cursor !== undefined);
    return seen;
  };

  expect(await walk({ sort: "cost" })).toEqual([3, 0, 5, 4, 2, 1]);
  expect(await walk({ sort: "cost", direction: "asc" })).toEqual([1, 2, 4, 5, 0, 3]);
  expect(await walk({ sort: "latency" })).toEqual([0, 5, 4, 2, 1, 3]);
  await expect(
    showLogList(admin, query("", { sort: "cost", from: new Date(START_MS - 172_800_000) })),
  ).rejects.toMatchObject({ code: "invalid_value", param: "sort" });
});

test("neighbours walk the filtered rows alone, in the order of the list", async () => {
  const { id = "" } = records[2] ?? {};

  expect(await showNeighbours(admin, { ...query("code=!200"), id })).toEqual({
    newer: records[4]?.id,
    older: records[1]?.id,
  });
  expect(await showNeighbours(admin, { ...query("", { sort: "cost" }), id })).toEqual({
    newer: records[4]?.id,
    older: records[1]?.id,
  });
});

test("a property's counts leave its own filter out and keep the others", async () => {
  const range = { filter: query("outcome=over_budget&stream=false").filter, from: FROM, to: TO };
  const facets = await showLogFacets(admin, { ...range, facets: ["outcome", "model"] });

  expect(facets.outcome).toEqual([
    { value: "success", label: "Success", requests: 2 },
    { value: "over_budget", label: "Over budget", requests: 1 },
    { value: "rate_limited", label: "Rate limited", requests: 1 },
    { value: "no_deployment", label: "No healthy deployment", requests: 1 },
  ]);
  expect(facets.model).toEqual([{ value: "gpt-4o", label: "gpt-4o", requests: 1 }]);
});

test("over a long range the values are counted from sums, with the same result", async () => {
  const { filter } = query("provider=!anthropic");
  const short = { filter, from: FROM, to: TO };
  const long = { filter, from: new Date(START_MS - 20 * 86_400_000), to: TO };
  const facets = ["model", "provider", "user", "key", "team", "asked"] as const;

  for (const actor of [admin, lead, member]) {
    const [few, many] = [
      await showLogFacets(actor, { ...short, facets }),
      await showLogFacets(actor, { ...long, facets }),
    ];
    // A call that no deployment answered is not counted under the name that it asked for.
    const dropped = actor === admin ? 1 : 0;
    expect(many.model).toEqual(
      few.model?.map((row) => ({ ...row, requests: row.requests - dropped })),
    );
    expect({ ...many, model: 0, asked: 0 }).toEqual({ ...few, model: 0, asked: 0 });
  }
});

test("rows carry the names of their people and teams", async () => {
  const { logs } = await showLogList(admin, query("minlat=900"));

  expect(logs).toMatchObject([
    { user_email: member.principal.email, team_name: "Search", key_name: null },
  ]);
});

test("an export holds the rows of its list, with formulas made harmless, and leaves a trace", async () => {
  const day = {
    from: new Date(START_MS + 500 * MINUTE_MS),
    to: new Date(START_MS + 600 * MINUTE_MS),
  };
  await store([
    makeRecord({ id: at(501), userAgent: '=cmd|"/C calc"!A0', session: "plain, text" }),
    makeRecord({ id: at(502), userAgent: "+1", priceState: "unpriced", costNanos: 0n }),
    makeRecord({ id: at(503), userAgent: "ok", costNanos: 1n, tags: { a: "@b" } }),
  ]);
  const reply = await exportLogs(admin, { filter: {}, ...day, reportingZone: "Asia/Kolkata" });
  const text = await reply.text();

  const [header = "", ...lines] = text.replace("\uFEFF", "").trimEnd().split("\r\n");
  const cell = (line: number, name: string) =>
    cellsOf(lines[line] ?? "")[header.split(",").indexOf(name)];
  expect(reply.headers.get("content-disposition")).toContain(
    'filename="conduit-logs_2026-10-05T2020_2026-10-05T2200.csv"',
  );
  expect(reply.headers.get("x-conduit-rows-left-out")).toBeNull();
  expect(lines).toHaveLength(3);
  expect(cell(2, "user_agent")).toBe(`'=cmd|"/C calc"!A0`);
  expect(cell(2, "session")).toBe("plain, text");
  expect(cell(1, "user_agent")).toBe("'+1");
  expect(cell(1, "cost_usd")).toBe("");
  expect(cell(0, "cost_usd")).toBe("0.000000001");
  expect(cell(0, "tags")).toBe('{"a":"@b"}');
  expect(cell(0, "time_utc")).toBe("2026-10-05T20:23:00.000Z");
  expect(cell(0, "time_reporting_zone")).toBe("2026-10-06 01:53:00");
  const [event] = await getSql()`
    select action, actor_id, after from audit_events order by sequence desc limit 1`;
  expect(event).toMatchObject({
    action: "logs.exported",
    actor_id: admin.principal.id,
    after: { rows: 3, is_cut: false },
  });
  expect(MAX_EXPORT_ROWS).toBe(100_000);
});

/** The cells of a line, read as RFC 4180 says. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
}

test("an export holds nothing that its reader may not see", async () => {
  const reply = await exportLogs(member, {
    filter: {},
    from: FROM,
    to: TO,
    reportingZone: "UTC",
  });

  const lines = (await reply.text()).trimEnd().split("\r\n").slice(1);
  expect(lines).toHaveLength(3);
  expect(lines.every((line) => line.includes(member.principal.id))).toBe(true);
});

interface Followed {
  ids: () => string[];
  lastEventId: () => number;
  text: () => string;
  ended: Promise<void>;
  stop: () => void;
}

function followStream(
  actor: PersonActor,
  search = "",
  sinceMs?: number,
  recheckMs?: number,
): Followed {
  const stop = new AbortController();
  const response = streamLogs(actor, {
    filter: query(search).filter,
    sinceMs,
    signal: stop.signal,
    ...(recheckMs === undefined ? {} : { recheckMs }),
  });
  let text = "";
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
    }
  };
  return {
    ids: () =>
      parseEvents(text)
        .filter(({ event }) => event === "")
        .map(({ data }) => (JSON.parse(data) as { id: string }).id),
    lastEventId: () =>
      Number(
        text
          .match(/^id: (\d+)$/gm)
          ?.at(-1)
          ?.slice(4),
      ),
    text: () => text,
    ended: read(),
    stop: () => stop.abort(),
  };
}

/** A request that has just ended, and that lasted so long. */
const ended = (changes: Partial<RequestRecord> = {}, latencyMs = 100) =>
  makeRecord({ id: newId(Date.now() - latencyMs), latencyMs, ...changes });

test("a tail shows what ends, of its filter and within reach, each request once", async () => {
  const all = followStream(admin);
  const failed = followStream(admin, "outcome=over_budget");
  const own = followStream(member);
  await expect.poll(() => all.text()).toContain("retry");
  await new Promise((done) => setTimeout(done, 300));

  const mine = ended({ userId: member.principal.id });
  const long = ended({}, 170_000);
  const refused = ended({ outcome: "limited", status: 429, errorCode: "budget_exceeded" });
  await store([mine, long, refused]);

  await expect.poll(() => all.ids().length, { timeout: 5000 }).toBe(3);
  await new Promise((done) => setTimeout(done, 1500));
  expect(all.ids().toSorted()).toEqual(idsOf([mine, long, refused]).toSorted());
  expect(failed.ids()).toEqual([refused.id]);
  expect(own.ids()).toEqual([mine.id]);
  for (const each of [all, failed, own]) {
    each.stop();
    await each.ended;
  }
});

test("a tail that comes back gets what ended while it was away", async () => {
  const first = followStream(admin);
  await expect.poll(() => first.text()).toContain("retry");
  const before = ended();
  await store([before]);
  await expect.poll(() => first.ids(), { timeout: 5000 }).toContain(before.id);
  first.stop();
  await first.ended;

  const missed = Array.from({ length: 3 }, () => ended());
  await store(missed);
  const second = followStream(admin, "", first.lastEventId());

  await expect
    .poll(() => second.ids(), { timeout: 5000 })
    .toEqual(expect.arrayContaining(idsOf(missed)));
  expect(new Set(second.ids()).size).toBe(second.ids().length);
  second.stop();
  await second.ended;
});

test("a tail ends with the session of its reader", async () => {
  // This person's session row is missing, as after signing out.
  const stream = followStream(admin, "", undefined, 50);

  await stream.ended;

  expect(stream.text()).toContain("event: session\ndata: over");
});

test("a tail ends as soon as the process does", async () => {
  const stream = followStream(admin);
  await expect.poll(() => stream.text()).toContain("retry");

  announceStop();

  await stream.ended;
  dropSingleton("stopping");
});

test("a view is its owner's, or a team's, and only who may shares or deletes it", async () => {
  const input = {
    page: "logs",
    name: "Slow",
    query: "minlat=500&cursor=x&log=y",
    team_id: null,
  } as const;
  const own = await saveView(member, input);
  const shared = await saveView(lead, { ...input, name: "Team", team_id: teamId });

  expect(own).toMatchObject({ query: "minlat=500", is_own: true, may_delete: true });
  const names = async (actor: PersonActor) =>
    (await showSavedViews(actor, "logs")).map(({ name }) => name);
  expect(await names(member)).toEqual(["Slow", "Team"]);
  expect(await names(lead)).toEqual(["Team"]);
  expect(await names(stranger)).toEqual([]);
  expect(await showSavedViews(member, "usage")).toEqual([]);
  await expect(saveView(member, { ...input, team_id: teamId })).rejects.toMatchObject({
    code: "permission_denied",
    param: "team_id",
  });
  await expect(deleteView(member, shared.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(deleteView(lead, own.id)).rejects.toMatchObject({ code: "not_found" });
  await deleteView(lead, shared.id);
  await deleteView(member, own.id);
  expect(await names(member)).toEqual([]);
});
