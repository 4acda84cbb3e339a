import type { Route } from "next";
import Link from "next/link";
import type { LinkState } from "#lib/contract/people.ts";

const REASONS: Readonly<Record<Exclude<LinkState["kind"], "open">, string>> = {
  used: "It was used already. If that was you, sign in.",
  expired: "Its time is over.",
  revoked: "It was taken back.",
  unknown: "It is not complete, or a newer one has taken its place.",
};

export interface DeadLinkProps {
  state: Exclude<LinkState["kind"], "open">;
  /** "invitation", "password link". */
  what: string;
}

/** Why a link does nothing any more, and what to do about it. */
export function DeadLink({ state, what }: DeadLinkProps) {
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p>
        This {what} is no longer good. {REASONS[state]}
      </p>
      <p className="text-muted-fg">Ask an administrator for a new one.</p>
      <Link href={"/sign-in" as Route} className="text-primary underline-offset-4 hover:underline">
        Go to the sign-in page
      </Link>
    </div>
  );
}
