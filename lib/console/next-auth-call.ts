import { getEnv } from "#lib/env.ts";

/** One request to next-auth, whoever makes it: its route handler, or a server action of ours. */
export interface AuthCall {
  method: "GET" | "POST";
  /** The segments behind `/api/auth`, as `["callback", "oidc"]`. */
  path: readonly string[];
  query: Readonly<Record<string, string>>;
  body?: Readonly<Record<string, string>>;
  cookies: Readonly<Record<string, string>>;
  headers: Headers;
}

export interface AuthAnswer {
  status: number;
  location: string | undefined;
  /** `Set-Cookie` headers as they are. */
  setCookies: readonly string[];
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

/** The request as next-auth's handler for API routes reads it. */
export function authRequest(call: AuthCall): Record<string, unknown> {
  return {
    method: call.method,
    query: { ...call.query, nextauth: call.path },
    body: call.body ?? {},
    cookies: call.cookies,
    headers: { ...Object.fromEntries(call.headers), ...originHeaders(call.headers) },
  };
}

/**
 * next-auth builds its own address from these two headers, and knows of no base path: the path in
 * the host is how it learns of ours. What a client sent under these names is overwritten.
 */
function originHeaders(headers: Headers): Record<string, string> {
  const { protocol, host } = originOf(headers);
  return {
    "x-forwarded-host": `${host}${getEnv().basePath}/api/auth`,
    "x-forwarded-proto": protocol,
  };
}

/** How the browser reached us: the public URL, or else the host that it asked for. */
export function originOf(headers: Headers): { protocol: "http" | "https"; host: string } {
  const { publicUrl, port } = getEnv();
  if (publicUrl !== undefined) {
    const url = new URL(publicUrl);
    return { protocol: url.protocol === "https:" ? "https" : "http", host: url.host };
  }
  const isTls = headers.get("x-forwarded-proto") === "https";
  return {
    protocol: isTls ? "https" : "http",
    host: headers.get("host") ?? `localhost:${port}`,
  };
}

/** Stands in for the response of an API route, and remembers what it was told. */
export class AuthResponse {
  #status = 200;
  #body: unknown;
  readonly #headers = new Map<string, string | string[]>();

  status(code: number): this {
    this.#status = code;
    return this;
  }

  getHeader(name: string): string | string[] | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: string | string[]): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }

  json(body: unknown): void {
    this.setHeader("content-type", "application/json");
    this.#body = body;
  }

  send(body: unknown): void {
    this.#body = body;
  }

  end(): void {
    this.#body = undefined;
  }

  answer(): AuthAnswer {
    const setCookies = this.#headers.get("set-cookie") ?? [];
    const location = this.#headers.get("location");
    const rest = [...this.#headers].filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === "string" && entry[0] !== "location" && entry[0] !== "set-cookie",
    );
    return {
      status: this.#status,
      location: typeof location === "string" ? location : undefined,
      setCookies: typeof setCookies === "string" ? [setCookies] : setCookies,
      headers: Object.fromEntries(rest),
      body: this.#body,
    };
  }
}

/** The page for somebody whose sign-in failed; a window that was opened for it tells its opener. */
export function failedAnswer(code: string, intent: string | undefined): AuthAnswer {
  const isPopup = intent === "step-up" || intent === "test";
  const page = isPopup
    ? "/sign-in/confirmed?error=1"
    : `/sign-in?error=${encodeURIComponent(code)}`;
  const location = `${getEnv().basePath}${page}`;
  return { status: 302, location, setCookies: [], headers: {}, body: undefined };
}

/** next-auth reports a failure through a page of its own, which leads on to ours: straight there. */
export function withoutErrorPage(answer: AuthAnswer, intent: string | undefined): AuthAnswer {
  const match = /\/api\/auth\/(?:error|signin)\?(.*)$/.exec(answer.location ?? "");
  if (match === null) {
    return answer;
  }
  const code = new URLSearchParams(match[1]).get("error") ?? "Callback";
  return { ...failedAnswer(code, intent), setCookies: answer.setCookies };
}
