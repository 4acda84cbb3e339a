/** The two headers in which a token may come. */
export interface TokenHeaders {
  authorization: string | undefined;
  apiKey: string | undefined;
}

/** No token of ours is a tenth as long; more is not worth hashing. */
const MAX_HEADER_CHARACTERS = 1_024;
const BEARER = /^bearer +(\S+)$/i;

/** The token of `authorization: Bearer …`, or else of `x-api-key`. */
export function tokenOf(headers: TokenHeaders): string | undefined {
  const { authorization = "", apiKey = "" } = headers;
  if (authorization.length > MAX_HEADER_CHARACTERS || apiKey.length > MAX_HEADER_CHARACTERS) {
    return undefined;
  }
  return BEARER.exec(authorization.trim())?.[1] ?? (apiKey.trim() || undefined);
}
