import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Copies what the API's documents are drawn with into `public/vendor`, so that `/docs` and `/redoc`
 * load everything from this server and work without the internet.
 */
const require = createRequire(import.meta.url);
const target = fileURLToPath(new URL("../public/vendor", import.meta.url));

const SWAGGER_FILES = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/** The one address that ReDoc would fetch from elsewhere: the logo in its footer. */
const REMOTE_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
const NO_PICTURE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

rmSync(target, { recursive: true, force: true });
vendorSwagger();
vendorRedoc();

function vendorSwagger(): void {
  const source = dirname(require.resolve("swagger-ui-dist/package.json"));
  const folder = makeFolder("swagger-ui");
  for (const name of [...SWAGGER_FILES, "LICENSE"]) {
    copyFileSync(join(source, name), join(folder, name));
  }
}

function vendorRedoc(): void {
  const source = join(dirname(require.resolve("redoc/package.json")), "bundles");
  const folder = makeFolder("redoc");
  const script = readFileSync(join(source, "redoc.standalone.js"), "utf8");
  if (!script.includes(REMOTE_LOGO)) {
    throw new Error("ReDoc no longer names its logo where it did. Look for what it fetches now.");
  }
  writeFileSync(join(folder, "redoc.standalone.js"), script.replaceAll(REMOTE_LOGO, NO_PICTURE));
  const license = "redoc.standalone.js.LICENSE.txt";
  copyFileSync(join(source, license), join(folder, license));
}

function makeFolder(name: string): string {
  const folder = join(target, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
