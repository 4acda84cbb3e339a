import { getSecrets } from "#lib/auth/bootstrap.ts";
import { newToken, type TokenKind, tokenDigest, tokenHint } from "#lib/crypto.ts";

/** A new token, once in the clear, and what is stored of it. */
export interface Minted {
  token: string;
  digest: Buffer;
  /** The pepper is derived from the master key of this version. */
  pepperVersion: string;
  hint: string;
}

export function mintToken(kind: TokenKind): Minted {
  const { pepper, pepperVersion } = getSecrets();
  const token = newToken(kind);
  return {
    token,
    digest: tokenDigest(pepper, token),
    pepperVersion,
    hint: tokenHint(token),
  };
}
