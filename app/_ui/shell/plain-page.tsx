import type { ReactNode } from "react";

export interface PlainPageProps {
  title: string;
  children: ReactNode;
}

/** A page that has only something to say. */
export function PlainPage({ title, children }: PlainPageProps) {
  return (
    <div className="mx-auto flex max-w-prose flex-col items-start gap-4 px-4 py-16 sm:px-6">
      <h1 tabIndex={-1} className="text-2xl">
        {title}
      </h1>
      {children}
    </div>
  );
}
