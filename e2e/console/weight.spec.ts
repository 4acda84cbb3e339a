import { gzipSync } from "node:zlib";
import { expect, test } from "./fixtures.ts";
import { fillIn, findForeign, listPages } from "./surface.ts";

const KILOBYTE = 1000;
/**
 * What a browser has to fetch of scripts, compressed, before a page can be used. React and Next alone
 * are 110 kB of it. A page that gets heavier than this has to load something later instead.
 */
const BUDGET_KB = 250;
const HEAVIER: Readonly<Record<string, number>> = { "/playground": 400 };

/** The sizes of scripts by their address, in bytes: most pages share most of them. */
const sizes = new Map<string, number>();

for (const { path } of listPages()) {
  const budget = HEAVIER[path] ?? BUDGET_KB;
  test(`${path} needs no more than ${budget} kB of scripts at first`, async ({
    playwright,
    sql,
    world,
  }) => {
    const request = await playwright.request.newContext({
      baseURL: world.url,
      storageState: world.states.admin,
    });
    const page = await (await request.get(fillIn(path, await findForeign(sql)))).text();
    // What the page's own markup asks for; what a press or a look loads later is not part of it.
    const scripts = new Set(
      [...page.matchAll(/<script[^>]+src="([^"]+)"[^>]*>/g)]
        .filter(([tag]) => !tag.includes("noModule"))
        .map(([, source = ""]) => source),
    );
    expect(scripts.size).toBeGreaterThan(3);
    let bytes = 0;
    for (const source of scripts) {
      const size = sizes.get(source) ?? gzipSync(await (await request.get(source)).body()).length;
      sizes.set(source, size);
      bytes += size;
    }
    expect(bytes / KILOBYTE).toBeLessThanOrEqual(budget);
    await request.dispose();
  });
}
