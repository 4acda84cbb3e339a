import Link from "next/link";
import { ROLES, type Role, reachOf } from "#lib/catalog/roles.ts";
import { buttonClass } from "../primitives/button.tsx";
import { navRowOf } from "./nav.ts";
import { PlainPage } from "./plain-page.tsx";

const ROLE_NAMES: Readonly<Record<Role, string>> = {
  admin: "an admin",
  team_admin: "a team admin",
  member: "a member",
};

export interface ForbiddenViewProps {
  /** The page that was asked for. */
  path: string;
  admins: readonly { name: string | null; email: string }[];
}

/** Says which role a page needs and who has it. */
export function ForbiddenView({ path, admins }: ForbiddenViewProps) {
  const row = navRowOf(path);
  const least = row === undefined ? "admin" : leastRole(row.can);
  return (
    <PlainPage
      title={
        row === undefined ? "This page is not yours to open" : `${row.label} is not open to you`
      }
    >
      <p>To open it you need to be {ROLE_NAMES[least]}. Nothing on it was shown or changed.</p>
      {admins.length === 0 ? null : (
        <div>
          <p>An admin can change your role:</p>
          <ul className="mt-2 list-disc pl-5">
            {admins.map(({ name, email }) => (
              <li key={email} className="break-words">
                {name === null ? null : `${name}, `}
                <a className="text-primary underline underline-offset-4" href={`mailto:${email}`}>
                  {email}
                </a>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Link href="/overview" className={buttonClass({ variant: "outline" })}>
        To the overview
      </Link>
    </PlainPage>
  );
}

/** The lowest role that may do something; admins may do everything. */
function leastRole(action: Parameters<typeof reachOf>[1]): Role {
  return [...ROLES].reverse().find((role) => reachOf(role, action) !== null) ?? "admin";
}
