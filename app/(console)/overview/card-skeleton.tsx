import { Card } from "../../_ui/primitives/card.tsx";
import { Skeleton } from "../../_ui/primitives/skeleton.tsx";

export interface CardSkeletonProps {
  count?: number;
}

/** Cards that are on their way, as high as they will be. */
export function CardSkeleton({ count = 1 }: CardSkeletonProps) {
  return Array.from({ length: count }, (_, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same.
    <Card key={at} className="flex flex-col gap-4 p-4">
      <Skeleton className="h-6 w-48" />
      <Skeleton className="h-4 w-64" />
      <Skeleton className="h-[220px] w-full" />
      <Skeleton className="h-5 w-full" />
    </Card>
  ));
}

const TILES = ["spend", "requests", "errors", "latency", "ttft", "cached"];

/** The row of figures. */
export function TilesSkeleton() {
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      {TILES.map((name) => (
        <Card key={name} className="flex flex-col gap-2 p-4">
          <Skeleton className="h-4 w-24" />
          <Skeleton className="h-7 w-20" />
          <Skeleton className="h-4 w-24" />
          <Skeleton className="h-6 w-full" />
        </Card>
      ))}
    </div>
  );
}
