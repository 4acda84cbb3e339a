import { randomBytes } from "node:crypto";
import { authKey } from "#lib/auth/session.ts";
import { tokenDigest } from "#lib/crypto.ts";
import { publicUrl } from "./settings.ts";

export type LinkKind = "invite" | "reset";

const TOKEN_BYTES = 32;

/** A token for a link that works once. The database gets the digest alone. */
export function makeLinkToken(kind: LinkKind): { token: string; digest: Buffer } {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, digest: linkDigest(kind, token) };
}

export function linkDigest(kind: LinkKind, token: string): Buffer {
  return tokenDigest(authKey(`link:${kind}`), token);
}

/** The whole link where somebody has set the public URL; else the path, which the browser completes. */
export function linkOf(kind: LinkKind, token: string): string {
  return `${publicUrl() ?? ""}/${kind}/${token}`;
}
