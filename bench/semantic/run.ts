import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openTestDatabase } from "#lib/testing/database.ts";
import { fillVectors } from "#lib/testing/vector-bench.ts";
import { machineFacts } from "../machine.ts";

/**
 * How long it takes to look for the nearest question among many that were answered before, on the
 * embedded database, or on Postgres with CONDUIT_TEST_STORE=postgres where that has pgvector.
 *
 * --entries=100000     stored answers
 * --dimensions=1536    of a vector
 * --tries=300          look-ups per partition
 * --save               writes results.md beside this file
 */
const { values } = parseArgs({
  options: {
    entries: { type: "string", default: "100000" },
    dimensions: { type: "string", default: "1536" },
    tries: { type: "string", default: "300" },
    save: { type: "boolean", default: false },
  },
});
const entries = Number(values.entries);
const dimensions = Number(values.dimensions);
const tries = Number(values.tries);

const database = await openTestDatabase();
try {
  const bench = await fillVectors(entries, dimensions);
  const rows: string[] = [];
  for (const partition of ["large", "small"] as const) {
    const times: number[] = [];
    let near = 0;
    for (let at = 0; at < tries; at += 1) {
      const { ms, similarity } = await bench.lookUp(partition);
      times.push(ms);
      near += similarity !== null && similarity >= 0.95 ? 1 : 0;
    }
    const name = partition === "large" ? `${entries / 2} (by the index)` : "800 (one by one)";
    rows.push(
      `| look-up among ${name} | ${msOf(times, 0.5)} | ${msOf(times, 0.95)} | ${near} of ${tries} |`,
    );
  }
  const inserts: number[] = [];
  for (let at = 0; at < Math.min(tries, 100); at += 1) {
    inserts.push(await bench.insert());
  }
  rows.push(`| adding one | ${msOf(inserts, 0.5)} | ${msOf(inserts, 0.95)} | |`);
  const report = [
    "# Look-ups by meaning",
    "",
    ...machineFacts(),
    `- ${entries} stored answers of ${dimensions} dimensions, database: ${database.kind}`,
    "",
    "| | p50 ms | p95 ms | nearest found at 0.95 or more |",
    "|---|--:|--:|--:|",
    ...rows,
    "",
  ].join("\n");
  console.log(report);
  if (values.save) {
    writeFileSync(fileURLToPath(new URL("./results.md", import.meta.url)), report);
  }
} finally {
  await database.close();
}

function msOf(times: readonly number[], share: number): string {
  const sorted = times.toSorted((one, other) => one - other);
  return (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
}
