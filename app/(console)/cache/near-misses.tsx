"use client";

import { useDeferredValue } from "react";
import type { NearMiss } from "#lib/contract/cache-console.ts";
import {
  Card,
  CardBody,
  CardDescription,
  CardHeader,
  CardTitle,
} from "../../_ui/primitives/card.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";
import { useIsland } from "../../_ui/use-island.ts";
import { thresholdText } from "./similarity-bars.ts";

export interface NearMissesProps {
  threshold: number;
}

/** Questions that the lower threshold would newly answer alike, to judge by eye. */
export function NearMisses({ threshold }: NearMissesProps) {
  const asked = useDeferredValue(threshold);
  const { data, error } = useIsland<{ pairs: NearMiss[] }>(
    `/api/console/cache/near-misses?threshold=${thresholdText(asked)}`,
  );
  return (
    <Card>
      <CardHeader>
        <CardTitle>What would newly match</CardTitle>
        <CardDescription>
          The nearest of them. Looking at what others asked is noted in the audit log.
        </CardDescription>
      </CardHeader>
      <CardBody>
        {error === null ? null : (
          <p role="alert" className="text-danger text-sm">
            Could not load the pairs: {error.message}
          </p>
        )}
        {data === undefined && error === null ? <Skeleton className="h-24" /> : null}
        {data?.pairs.length === 0 ? (
          <p className="text-muted-fg text-sm">
            None was noted with its questions. They are kept only where requests are stored in full.
          </p>
        ) : null}
        <ul className="flex flex-col gap-4">
          {data?.pairs.map((pair) => (
            <li key={pair.id} className="grid gap-x-4 gap-y-1 text-sm md:grid-cols-2">
              <p className="text-muted-fg text-xs tabular-nums md:col-span-2">
                {thresholdText(pair.similarity)}, {pair.model}
              </p>
              <Question label="Asked" text={pair.question} />
              <Question label="Answered before" text={pair.answered} />
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}

interface QuestionProps {
  label: string;
  text: string;
}

function Question({ label, text }: QuestionProps) {
  return (
    <div className="min-w-0 rounded-md bg-muted px-3 py-2">
      <p className="text-muted-fg text-xs">{label}</p>
      <p className="whitespace-pre-wrap break-words">{text}</p>
    </div>
  );
}
