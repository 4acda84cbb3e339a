import Link from "next/link";
import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { EntityId } from "../../../_ui/entity-id.tsx";
import { formatId, formatPercent } from "../../../_ui/format.ts";
import { Facts } from "./facts.tsx";

export interface MetadataProps {
  log: RequestLogDetail;
}

const CACHE_WORDS: Readonly<Record<string, string>> = {
  HIT: "Exact hit",
  SEMANTIC: "Semantic hit",
  MISS: "Miss",
  BYPASS: "Off",
};

/** Who asked, from where, and with which labels. */
export function Metadata({ log }: MetadataProps) {
  const tags = Object.entries(log.tags);
  return (
    <section aria-label="Metadata">
      <Facts
        rows={[
          ["Request id", <EntityId key="id" id={log.id} what="request id" isWhole />],
          ["Key", log.key_name ?? log.key_prefix ?? log.key_id],
          ["Key prefix", log.key_prefix === null ? null : <code key="p">{log.key_prefix}</code>],
          ["User", log.user_email ?? log.user_id],
          ["Team", log.team_id === null ? "None" : (log.team_name ?? log.team_id)],
          ["Endpoint", log.endpoint],
          ["Dialect", log.dialect],
          ["Streamed", log.stream ? "Yes" : "No"],
          ["Prompt", log.prompt === null ? null : <PromptLink key="prompt" log={log} />],
          ["Cache", CACHE_WORDS[log.cache] ?? log.cache],
          ["Similarity", similarityOf(log)],
          ["Answered first", log.cache_source_id === null ? null : <Source key="s" log={log} />],
          ["Error code", log.error_code],
          ["Error", log.error_message],
          ["Tags", tags.length === 0 ? null : <Tags key="tags" tags={tags} />],
          ["Session", log.session],
          ["IP address", log.ip],
          ["User agent", log.user_agent],
        ]}
      />
    </section>
  );
}

/** How near a semantic hit's question was; an exact hit was the very same request. */
function similarityOf({ cache_similarity: similarity }: RequestLogDetail): string | null {
  return similarity === null ? null : formatPercent(similarity);
}

/** The request whose stored answer was given. */
function Source({ log: { cache_source_id: id } }: MetadataProps) {
  return (
    <Link href={`/logs/${id}`} className="break-all font-mono text-13 underline">
      {formatId(id ?? "")}
    </Link>
  );
}

/** The prompt that the messages were made from, in the version that was used. */
function PromptLink({ log: { prompt, prompt_version: version } }: MetadataProps) {
  return (
    <Link
      href={`/prompts/${encodeURIComponent(prompt ?? "")}?v=${version}`}
      className="break-all underline"
    >
      {prompt}, version {version}
    </Link>
  );
}

interface TagsProps {
  tags: readonly (readonly [string, string])[];
}

function Tags({ tags }: TagsProps) {
  return (
    <span className="flex flex-wrap gap-1">
      {tags.map(([name, value]) => (
        <code key={name} className="break-all rounded-sm bg-muted px-1 font-mono">
          {name}={value}
        </code>
      ))}
    </span>
  );
}
