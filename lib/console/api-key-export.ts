import type { KeyListQuery, KeyListRow } from "#lib/contract/api-key-list.ts";
import type { Actor } from "./actor.ts";
import { showKeyList } from "./api-key-list.ts";
import { type CsvCell, csvLine } from "./csv.ts";
import { recordEvent } from "./record-event.ts";
import { streamText } from "./text-stream.ts";

const PAGE = 100;

const COLUMNS: readonly (readonly [string, (key: KeyListRow) => CsvCell])[] = [
  ["id", (key) => key.id],
  ["name", (key) => key.alias],
  ["key", (key) => key.key_prefix],
  ["owner", (key) => key.user_email],
  ["team", (key) => key.team_name],
  ["status", (key) => key.state],
  ["budget_limit_usd", (key) => key.budget_limit_usd],
  ["budget_period", (key) => key.budget_period],
  ["spend_usd", (key) => key.spend_usd],
  ["resets_at", (key) => key.resets_at],
  ["rate_limit_rpm", (key) => key.rate_limit_rpm],
  ["rate_limit_tpm", (key) => key.rate_limit_tpm],
  ["max_parallel", (key) => key.max_parallel],
  ["allowed_models", (key) => key.allowed_models?.join(" ") ?? null],
  ["requests_24h", (key) => key.requests_24h],
  ["last_used_at", (key) => key.last_used_at],
  ["expires_at", (key) => key.expires_at],
  ["created_at", (key) => key.created_at],
];

/** The keys of a filter as a CSV file. Never a secret: there is none to export. */
export async function exportKeys(
  actor: Actor,
  query: Omit<KeyListQuery, "limit" | "after">,
): Promise<Response> {
  await recordEvent(actor, {
    action: "api_key.exported",
    targetType: "api_key",
    targetId: null,
    teamId: query.team ?? null,
  });
  return new Response(streamText(linesOf(actor, query)), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="conduit-keys.csv"',
    },
  });
}

async function* linesOf(
  actor: Actor,
  query: Omit<KeyListQuery, "limit" | "after">,
): AsyncGenerator<string> {
  yield csvLine(COLUMNS.map(([name]) => name));
  let after: string | undefined;
  do {
    const page = await showKeyList(actor, { ...query, limit: PAGE, after });
    yield page.keys.map((key) => csvLine(COLUMNS.map(([, cell]) => cell(key)))).join("");
    after = page.next ?? undefined;
  } while (after !== undefined);
}
