import type { ReactNode } from "react";

export interface AuthCardProps {
  /** The organisation's name for this install. */
  instanceName: string;
  title: string;
  /** One sentence under the title. */
  children: ReactNode;
}

/** The frame of every page that one sees before being signed in. */
export function AuthCard({ instanceName, title, children }: AuthCardProps) {
  return (
    <main className="flex min-h-dvh items-center justify-center bg-surface px-4 py-8">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <header className="flex flex-col gap-1 text-center">
          <p className="font-semibold text-muted-fg text-sm">Conduit</p>
          {instanceName === "Conduit" ? null : (
            <p className="break-words text-muted-fg text-xs">{instanceName}</p>
          )}
        </header>
        <section className="flex flex-col gap-5 rounded-lg border border-border bg-bg p-6">
          <h1 className="font-semibold text-xl leading-tight">{title}</h1>
          {children}
        </section>
      </div>
    </main>
  );
}
