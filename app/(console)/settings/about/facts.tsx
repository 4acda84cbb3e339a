import { CopyButton } from "../../../_ui/copy-button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../../_ui/primitives/card.tsx";
import { Timestamp } from "../../../_ui/timestamp.tsx";

export interface Fact {
  label: string;
  value: string;
  /** Since when it is so. */
  at?: string | null;
}

export interface FactsProps {
  facts: readonly Fact[];
}

/** The versions, to be read and to be copied into a report. */
export function Facts({ facts }: FactsProps) {
  const text = facts.map(({ label, value }) => `${label}: ${value}`).join("\n");
  return (
    <Card>
      <CardHeader>
        <CardTitle>Versions</CardTitle>
        <CopyButton text={text} what="versions" hasLabel variant="outline" />
      </CardHeader>
      <CardBody>
        <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-[max-content_minmax(0,1fr)]">
          {facts.map(({ label, value, at }) => (
            <div key={label} className="contents">
              <dt className="text-muted-fg">{label}</dt>
              <dd className="mb-1 break-words tabular-nums sm:mb-0">
                {value}
                {at === undefined || at === null ? null : (
                  <span className="text-muted-fg">
                    , the last one <Timestamp at={at} style="relative" />
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}
