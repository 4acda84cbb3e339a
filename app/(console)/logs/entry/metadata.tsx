import type { RequestLogDetail } from "#lib/contract/request-log.ts";
import { EntityId } from "../../../_ui/entity-id.tsx";
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
          ["Cache", CACHE_WORDS[log.cache] ?? log.cache],
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
