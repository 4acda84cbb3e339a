import { hash } from "@node-rs/argon2";
import type { Page } from "@playwright/test";
import type { Sql } from "postgres";
import { newId } from "#lib/ids.ts";

/** Somebody of a test's own: their sessions can be ended without signing out the people of other specs. */
export interface Throwaway {
  id: string;
  email: string;
  password: string;
}

const PASSWORD = "four random words here";

export async function makeThrowaway(
  sql: Sql,
  { role = "member", domain = "example.com" }: { role?: "admin" | "member"; domain?: string } = {},
): Promise<Throwaway> {
  const id = newId();
  const email = `${role}-${id.slice(-12)}@${domain}`;
  await sql`
    insert into users (id, email, name, role, password_hash)
    values (${id}, ${email}, ${"Somebody"}, ${role}, ${await hash(PASSWORD)})`;
  return { id, email, password: PASSWORD };
}

/** Fills the sign-in form in and sends it. */
export async function signIn(
  page: Page,
  person: { email: string; password: string },
): Promise<void> {
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}
