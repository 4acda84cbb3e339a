/** One page around a viewer of the OpenAPI document: plain HTML, everything from this server. */
export interface DocumentPage {
  title: string;
  basePath: string;
  /** Below `/vendor`. */
  stylesheet?: string;
  /** Below `/vendor`. */
  script: string;
  /** The element that the viewer draws into. */
  mount: string;
  /** Starts the viewer; `openapi` is the document's URL. */
  start: (openapi: string) => string;
}

const STYLE = `
  :root { color-scheme: light; }
  body { margin: 0; background: #fff; color: #1b1f24; }
  .top { display: flex; gap: 1.25rem; padding: .75rem 1.25rem; font: 14px system-ui, sans-serif;
    border-bottom: 1px solid #d7dbe0; }
  .top a { color: #0b6e66; }
`;

/** The page's HTML and the headers that keep it to itself. */
export async function renderDocumentPage(
  page: DocumentPage,
): Promise<{ html: string; headers: Record<string, string> }> {
  const { basePath } = page;
  const start = page.start(`${basePath}/openapi.json`);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<link rel="icon" href="data:,">
${page.stylesheet === undefined ? "" : `<link rel="stylesheet" href="${basePath}/vendor/${page.stylesheet}">`}
<style>${STYLE}</style>
</head>
<body>
<nav class="top"><a href="${basePath}/">Conduit</a><a href="${basePath}/docs">Swagger UI</a><a href="${basePath}/redoc">ReDoc</a><a href="${basePath}/openapi.json">openapi.json</a></nav>
${page.mount}
<script src="${basePath}/vendor/${page.script}"></script>
<script>${start}</script>
</body>
</html>
`;
  return { html, headers: await headersFor(start) };
}

/**
 * Only this server may be asked for anything, and of scripts in the page only the one that starts
 * the viewer runs. Both viewers write their styles into the page, and ReDoc searches in a worker
 * that it makes from a blob.
 */
async function headersFor(script: string): Promise<Record<string, string>> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy.join("; "),
    "cache-control": "no-cache",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}
