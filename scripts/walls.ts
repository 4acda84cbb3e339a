import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";

/** Everything that the layering law speaks of. */
const PLACES = ["lib", "app", "drizzle", "scripts", "bench", "eval", "e2e", "server.ts"];

/**
 * Under TypeScript 7 a dependency-cruiser that cannot read the sources finds 0 modules and no
 * violation. Fewer modules than this means that it did not look.
 */
const LEAST_MODULES = 50;

const config = fileURLToPath(new URL("../.dependency-cruiser.cjs", import.meta.url));
const options = await extractDepcruiseOptions(config);
const places = PLACES.filter((place) => existsSync(place));
const { output } = await cruise(places, options);
// The configuration names no output type, so the result is the object and not its text.
const result = output as ICruiseResult;

for (const { rule, from, to, cycle } of result.summary.violations) {
  const why = result.summary.ruleSetUsed?.forbidden?.find((one) => one.name === rule.name)?.comment;
  const path = cycle === undefined ? to : cycle.map((step) => step.name).join(" → ");
  console.error(`${rule.name}: ${from} → ${path}\n    ${why ?? ""}`);
}
const ours = result.modules.filter((one) => places.some((place) => one.source.startsWith(place)));
const count = result.summary.violations.length;
console.log(`walls: ${ours.length} modules, ${count} violation${count === 1 ? "" : "s"}`);
if (ours.length < LEAST_MODULES) {
  console.error(`Only ${ours.length} modules were read; at least ${LEAST_MODULES} are expected.`);
  process.exitCode = 1;
}
if (count > 0) {
  process.exitCode = 1;
}
