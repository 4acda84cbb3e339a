import { renderDocumentPage } from "#lib/contract/document-page.ts";
import { getEnv } from "#lib/env.ts";

export const dynamic = "force-dynamic";

/** ReDoc over `/openapi.json`. */
export async function GET(): Promise<Response> {
  const { html, headers } = await renderDocumentPage({
    title: "Conduit API · ReDoc",
    basePath: getEnv().basePath,
    script: "redoc/redoc.standalone.js",
    mount: '<div id="redoc"></div>',
    start: (openapi) =>
      `Redoc.init(${JSON.stringify(openapi)},{},document.getElementById("redoc"));`,
  });
  return new Response(html, { headers });
}
