import { expect, test } from "vitest";
import { renderDocumentPage } from "./document-page.ts";

const render = (basePath: string) =>
  renderDocumentPage({
    title: "Title",
    basePath,
    stylesheet: "viewer/viewer.css",
    script: "viewer/viewer.js",
    mount: '<div id="viewer"></div>',
    start: (openapi) => `Viewer(${JSON.stringify(openapi)});`,
  });

test.each(["", "/prefix"])(
  "below '%s' the page asks this server alone for anything",
  async (at) => {
    const { html, headers } = await render(at);

    const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] ?? "");
    expect(
      addresses.filter((address) => address !== "data:," && !address.startsWith(`${at}/`)),
    ).toEqual([]);
    expect(html).toContain(`Viewer("${at}/openapi.json");`);
    expect(html).not.toMatch(/https?:\/\//);
    expect(headers["content-security-policy"]).toContain("connect-src 'self'");
  },
);

test("of scripts in the page only the one that starts the viewer may run", async () => {
  const { html, headers } = await render("");

  const script = /<script>(.+?)<\/script>/s.exec(html)?.[1] ?? "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
  const hash = Buffer.from(digest).toString("base64");
  expect(headers["content-security-policy"]).toContain(`script-src 'self' 'sha256-${hash}'`);
});
