"use client";

import { type ReactNode, useState } from "react";
import { Button } from "../primitives/button.tsx";
import { Card, CardBody, CardHeader, CardTitle } from "../primitives/card.tsx";
import { ChartTable, type ChartTableData } from "./chart-table.tsx";

export interface ChartCardProps {
  title: string;
  /** What the chart shows, in a sentence or two: who cannot see it reads this. */
  summary: string;
  /** The same figures as rows. */
  table: ChartTableData;
  /** Beside the title: a choice of what is shown. */
  actions?: ReactNode;
  /** Under the chart: zone, how far the data are complete. */
  caption?: ReactNode;
  /** A chart that is a picture only; one with parts to press says itself what it is. */
  isPicture?: boolean;
  children: ReactNode;
}

/** A chart with its title, its summary in words, and its figures as a table. */
export function ChartCard({
  title,
  summary,
  table,
  actions,
  caption,
  isPicture = true,
  children,
}: ChartCardProps) {
  const [isTable, setIsTable] = useState(false);
  return (
    <Card>
      <CardHeader>
        <CardTitle>{title}</CardTitle>
        <div className="flex items-center gap-2">
          {actions}
          <Button
            variant="ghost"
            size="sm"
            aria-pressed={isTable}
            aria-label={`${isTable ? "View as chart" : "View as table"}: ${title}`}
            className="text-muted-fg"
            onClick={() => setIsTable(!isTable)}
          >
            {isTable ? "View as chart" : "View as table"}
            <span className="sr-only">: {title}</span>
          </Button>
        </div>
        <p className="w-full text-13 text-muted-fg">{summary}</p>
      </CardHeader>
      <CardBody>
        {isTable ? (
          <ChartTable title={title} {...table} />
        ) : isPicture ? (
          <div role="img" aria-label={`${title}. ${summary}`}>
            {children}
          </div>
        ) : (
          children
        )}
        {caption === undefined ? null : <p className="mt-2 text-muted-fg text-xs">{caption}</p>}
      </CardBody>
    </Card>
  );
}
