import { Card } from "../../_ui/primitives/card.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";

export function ChartSkeleton() {
  return (
    <Card className="flex flex-col gap-4 p-4">
      <Skeleton className="h-6 w-56" />
      <Skeleton className="h-4 w-72" />
      <Skeleton className="h-[220px] w-full" />
      <Skeleton className="h-5 w-full" />
    </Card>
  );
}

const ROWS = ["one", "two", "three", "four", "five", "six", "seven"];

export function TableSkeleton() {
  return (
    <Card className="flex flex-col gap-3 p-4">
      {ROWS.map((row) => (
        <Skeleton key={row} className="h-7 w-full" />
      ))}
    </Card>
  );
}
