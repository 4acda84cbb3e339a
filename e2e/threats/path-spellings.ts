const FULL_WIDTH_SLASH = "\u00ef\u00bc\u008f";

/** One path in the spellings by which a guard and a router have been made to disagree. */
export function spellingsOfPath(path: string): string[] {
  const [, first = "", ...rest] = path.split("/");
  const below = rest.join("/");
  const tail = rest.at(-1) ?? first;
  const parent = path.slice(0, path.lastIndexOf("/"));
  return [
    path,
    `${path}/`,
    `${path}//`,
    `/${path}`,
    `///${path}`,
    `/${first}//${below}`,
    `/./${first}/${below}`,
    `/${first}/./${below}`,
    `/x/..${path}`,
    `/docs/..${path}`,
    `/docs/..;${path}`,
    `/livez/..${path}`,
    `/v1/..${path}`,
    `/v1/..%2f..${path}`,
    `/_next/static/..${path}`,
    `/_next/static/..%2f..%2f..${path}`,
    `/%2e${path}`,
    `/%2e%2e${path}`,
    `/.%2e${path}`,
    `/x/%2e%2e${path}`,
    `/%2f${path.slice(1)}`,
    `/${first}%2f${below}`,
    `/${first}%5c${below}`,
    `\\${first}\\${below}`,
    `/${first}\\${below}`,
    `/%${first.charCodeAt(0).toString(16)}${first.slice(1)}/${below}`,
    `/%25${first.charCodeAt(0).toString(16)}${first.slice(1)}/${below}`,
    `/${first.toUpperCase()}/${below}`,
    `${parent}/${tail.toUpperCase()}`,
    `${path};x`,
    `/${first};x=1/${below}`,
    `${path}.rsc`,
    `${path}.json`,
    `${path}.segments/_tree.segment.rsc`,
    `${path}.prefetch.rsc`,
    `${path}?_rsc=1`,
    `${path}?__nextLocale=en`,
    `${path}?nextInternalLocale=en`,
    `/_next/data/build${path}.json`,
    `/_next/data/build/en${path}.json`,
    `/_next/image?url=${encodeURIComponent(path)}&w=64&q=75`,
    `/en${path}`,
    `/en-US${path}`,
    `/default${path}`,
    `${path}%20`,
    `${path}%09`,
    `${path}%00`,
    `${path}%0d%0a`,
    `${path}%23`,
    `${path}%3f`,
    `${path}#x`,
    `${path}?`,
    `${path}%2f`,
    `${path}%2f..%2f${tail}`,
    `/%c0%af${path.slice(1)}`,
    `/${FULL_WIDTH_SLASH}${path.slice(1)}`,
    `/index${path}`,
    `/_error${path}`,
    `/(console)${path}`,
    `/app${path}`,
  ];
}

/** The absolute form of a request's target, by which it is asked of a proxy. */
export function absoluteForms(path: string, port: number): string[] {
  return [
    `http://127.0.0.1:${port}${path}`,
    `http://localhost${path}`,
    `https://evil.example${path}`,
    `http://127.0.0.1:${port}/docs@evil${path}`,
    `//127.0.0.1:${port}${path}`,
    `HTTP://127.0.0.1:${port}${path}`,
    `file://${path}`,
  ];
}

/** What is said of the host, and of where the request was meant to go. */
export function hostsToTry(port: number): string[][] {
  const own = `host: 127.0.0.1:${port}`;
  return [
    [own],
    ["host: evil.example"],
    ["host: "],
    [own, "host: evil.example"],
    ["host: evil.example", own],
    [`host: 127.0.0.1:${port}@evil.example`],
    [`host: 127.0.0.1:${port}/docs`],
    ["host: localhost"],
    [own, "x-forwarded-host: localhost", "x-forwarded-for: 127.0.0.1"],
    [own, "x-forwarded-prefix: /docs"],
    [own, "x-original-url: /docs", "x-rewrite-url: /docs"],
    [own, "x-http-method-override: OPTIONS"],
    [own, "forwarded: for=127.0.0.1;host=localhost"],
    [own, "x-conduit-client-ip: 127.0.0.1", "x-conduit-own: 1"],
  ];
}
