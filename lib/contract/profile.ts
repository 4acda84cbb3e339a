import { z } from "zod";
import { newPassword } from "./sign-in.ts";

/** What people change about themselves. */
export const profileInput = z.strictObject({
  name: z
    .string()
    .trim()
    .max(120)
    .transform((text) => (text === "" ? null : text)),
});
export type ProfileInput = z.infer<typeof profileInput>;

export const passwordChange = z
  .strictObject({
    current: z.string().min(1, "must be given").max(1024),
    password: newPassword,
    confirmation: z.string().max(1024),
  })
  .refine(({ password, confirmation }) => password === confirmation, {
    path: ["confirmation"],
    message: "must be the same as the new password",
  });
export type PasswordChange = z.infer<typeof passwordChange>;

/** One place where somebody is signed in. */
export interface SessionInfo {
  id: string;
  isCurrent: boolean;
  method: "password" | "oidc";
  ip: string | null;
  userAgent: string | null;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
}

/** What the profile page shows about the account. */
export interface ProfileInfo {
  name: string | null;
  email: string;
  hasPassword: boolean;
  /** Whether the account was bound to one of the identity provider. */
  hasSso: boolean;
  sessions: SessionInfo[];
}
