import { describeEnding } from "#lib/catalog/attempt-endings.ts";
import { CodeBlock } from "../../../_ui/code-block.tsx";
import { Duration } from "../../../_ui/duration.tsx";
import { Money } from "../../../_ui/money.tsx";
import { Facts } from "./facts.tsx";
import type { Attempt } from "./timeline-rows.ts";

/** As much of a provider's error as a page needs to show. */
const MAX_ERROR = 4096;

export interface AttemptDetailsProps {
  attempt: Attempt;
}

/** Everything that is stored of one try. The provider's words are text, whatever they hold. */
export function AttemptDetails({ attempt }: AttemptDetailsProps) {
  return (
    <div className="flex flex-col gap-2 border-border border-t px-2 py-2">
      <Facts
        rows={[
          ["Ended", describeEnding(attempt.ended)],
          ["Deployment", attempt.deployment],
          ["Provider", attempt.provider],
          ["HTTP status", attempt.status === null ? "No answer" : String(attempt.status)],
          ["Error code", attempt.error_code],
          ["Duration", <Duration key="duration" ms={attempt.duration_ms} />],
          ["Cost", <Money key="cost" usd={attempt.cost_usd} kind="request" />],
        ]}
      />
      {attempt.error_message === null ? null : (
        <CodeBlock code={attempt.error_message.slice(0, MAX_ERROR)} what="error message" />
      )}
    </div>
  );
}
