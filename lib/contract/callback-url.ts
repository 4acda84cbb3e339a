const BASE = "http://conduit.invalid";

/**
 * Where to go after signing in: a path of this console with its query, or `/` for anything that a
 * browser could take for another host (`//evil`, `/\evil`, a scheme, a hidden control character).
 */
export function safeCallbackUrl(asked: string | null | undefined): string {
  if (asked === null || asked === undefined || !/^\/(?![/\\])/.test(asked)) {
    return "/";
  }
  // A browser drops tabs and line ends and reads a backslash as a slash, also behind the first one.
  if (hasOddCharacter(asked) || !URL.canParse(asked, BASE)) {
    return "/";
  }
  const url = new URL(asked, BASE);
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === BASE && !path.startsWith("//") ? path : "/";
}

function hasOddCharacter(text: string): boolean {
  return [...text].some((letter) => letter === "\\" || letter < " " || letter === "\u007f");
}
