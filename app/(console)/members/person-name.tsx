import type { Route } from "next";
import Link from "next/link";
import type { PersonInfo } from "#lib/contract/people.ts";

export interface PersonNameProps {
  person: PersonInfo;
}

/** Name over address; leads to what this person has used. */
export function PersonName({ person }: PersonNameProps) {
  return (
    <Link
      href={`/usage?user=${person.id}` as Route}
      title={`Usage of ${person.email}`}
      className="flex min-w-0 flex-col hover:underline"
    >
      <span className="break-words">{person.name ?? person.email}</span>
      {person.name === null ? null : (
        <span className="break-all font-normal text-muted-fg text-xs">{person.email}</span>
      )}
    </Link>
  );
}
