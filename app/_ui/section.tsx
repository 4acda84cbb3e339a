import { type ReactNode, Suspense } from "react";
import { SectionBoundary } from "./section-boundary.tsx";

export interface SectionProps {
  /** Completes "Could not load …". */
  what: string;
  /** The skeleton of the final geometry. */
  fallback: ReactNode;
  /** Under the error: what still works, or what to try. */
  hint?: ReactNode;
  /** Changes when other data is asked for with a skeleton of its own (another tab, another id). */
  suspendOn?: string;
  children: ReactNode;
}

/**
 * A part of a page that loads and fails by itself.
 *
 *     <Section what="spend" fallback={<Skeleton className="h-40" />}>
 *       <SpendCard actor={viewer} />        // an async server component
 *     </Section>
 */
export function Section({ what, fallback, hint, suspendOn, children }: SectionProps) {
  return (
    <SectionBoundary what={what} hint={hint}>
      <Suspense key={suspendOn} fallback={fallback}>
        {children}
      </Suspense>
    </SectionBoundary>
  );
}
