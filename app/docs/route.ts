import { renderDocumentPage } from "#lib/contract/document-page.ts";
import { getEnv } from "#lib/env.ts";

export const dynamic = "force-dynamic";

/** Swagger UI over `/openapi.json`. */
export async function GET(): Promise<Response> {
  const { html, headers } = await renderDocumentPage({
    title: "Conduit API · Swagger UI",
    basePath: getEnv().basePath,
    stylesheet: "swagger-ui/swagger-ui.css",
    script: "swagger-ui/swagger-ui-bundle.js",
    mount: '<div id="swagger-ui"></div>',
    // Without `validatorUrl: null` the page would have a public service check the document.
    start: (openapi) =>
      `SwaggerUIBundle({url:${JSON.stringify(openapi)},dom_id:"#swagger-ui",deepLinking:true,validatorUrl:null,persistAuthorization:false});`,
  });
  return new Response(html, { headers });
}
