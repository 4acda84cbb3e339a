import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import type { AttentionItem } from "#lib/contract/overview.ts";
import { cn } from "../../_ui/cn.ts";
import { buttonClass } from "../../_ui/primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../../_ui/primitives/card.tsx";

export interface AttentionCardProps {
  items: Promise<AttentionItem[]>;
}

const SIGNS = {
  danger: { Icon: CircleAlert, tone: "text-danger", word: "Urgent" },
  warning: { Icon: TriangleAlert, tone: "text-warning", word: "Warning" },
  info: { Icon: Info, tone: "text-info", word: "Note" },
} as const;

/** What waits for somebody, the gravest first, each with the one place to go. */
export async function AttentionCard({ items }: AttentionCardProps) {
  const list = await items;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Needs attention</CardTitle>
      </CardHeader>
      <CardBody>
        {list.length === 0 ? (
          <p className="flex items-center gap-2 text-muted-fg">
            <CircleCheck aria-hidden className="size-4 text-success" />
            Nothing needs you.
          </p>
        ) : (
          <ul className="-my-2 flex flex-col divide-y divide-border">
            {list.map((item) => (
              <AttentionLine key={item.id} item={item} />
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}

function AttentionLine({ item }: { item: AttentionItem }) {
  const { Icon, tone, word } = SIGNS[item.level];
  return (
    <li className="flex items-start gap-3 py-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${tone}`} />
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium">
          <span className="sr-only">{word}: </span>
          {item.title}
        </p>
        {item.detail === null ? null : (
          <p className="break-words text-13 text-muted-fg">{item.detail}</p>
        )}
      </div>
      {/* Paths of the console; the server makes them of ids. */}
      <Link
        href={item.href as Route}
        aria-label={`${item.action}: ${item.title}`}
        className={cn(buttonClass({ size: "sm" }))}
      >
        {item.action}
      </Link>
    </li>
  );
}
