import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "#lib/ids.ts";
import { makeTestDirectory } from "#lib/testing/database.ts";
import { fault } from "#lib/testing/reliability-rows.ts";
import { seededRandom, seededWhole } from "#lib/testing/seeded-random.ts";
import { byTier } from "#lib/testing/tier.ts";
import { encodeLine } from "./journal-line.ts";
import { replayJournal } from "./replay.ts";

let directory: string;

beforeEach(() => {
  directory = join(makeTestDirectory(), "journal");
  mkdirSync(directory);
});

afterEach(() => rm(join(directory, ".."), { recursive: true, force: true }));

const rowOf = (id: string) => JSON.stringify({ id, model_asked: "gpt-4o é", cost_nanos: "1000" });

/** Replays what lies in the directory; gives the ids that were sent to the database. */
async function replayed(): Promise<{ ids: string[]; quarantined: number }> {
  const ids: string[] = [];
  const { quarantined } = await replayJournal({
    directory,
    ownBootId: newId(),
    insert: async (json) =>
      ids.push(...(JSON.parse(json) as { id: string }[]).map((row) => row.id)),
  });
  return { ids, quarantined };
}

function write(bytes: Uint8Array, index = 0, bootId: string = randomUUID()): string {
  const path = join(directory, `${bootId}-${index}.ndjson`);
  writeFileSync(path, bytes);
  return path;
}

describe(fault("F33"), () => {
  it("a byte that was altered anywhere costs the record that it is in, and no other", async () => {
    const ids = [newId(), newId(), newId()];
    const [first = "", second = "", third = ""] = ids;
    const lines = ids.map((id) => Buffer.from(encodeLine("E", rowOf(id))));
    const whole = Buffer.concat(lines);
    const from = lines[0]?.length ?? 0;
    const to = from + (lines[1]?.length ?? 0);
    for (let at = from; at < to; at += 1) {
      for (const byte of [0x58, 0x00, 0xff]) {
        const altered = Buffer.from(whole);
        altered[at] = byte;
        write(altered);
        const result = await replayed();
        expect(result.ids, `byte ${at - from} as ${byte}`).toEqual(
          expect.arrayContaining([first, third]),
        );
        // Nothing appears that was never written, and what was altered is kept for a person.
        expect(new Set([...result.ids, ...ids])).toEqual(new Set([first, second, third]));
        const isHarmless = result.ids.includes(second);
        expect(result.quarantined === 1 || isHarmless).toBe(true);
      }
    }
  });

  it("a lost newline costs nothing: both records are read, and the file is kept", async () => {
    const ids = [newId(), newId()];
    const text = ids.map((id) => encodeLine("E", rowOf(id))).join("");
    const path = write(Buffer.from(text.replace("}\n{", "}X{")));
    expect(await replayed()).toEqual({ ids, quarantined: 1 });
    expect(readdirSync(directory)).toContain(`${path.slice(directory.length + 1)}.quarantined`);
    expect(await replayed()).toEqual({ ids: [], quarantined: 0 });
  });

  it("rubbish of any length after the last record is skipped, and all before it is stored", async () => {
    const random = seededRandom(33);
    for (let run = 0; run < byTier({ quick: 50, all: 2_000 }); run += 1) {
      const ids = Array.from({ length: seededWhole(random, 1, 5) }, () => newId());
      const good = Buffer.from(ids.map((id) => encodeLine("E", rowOf(id))).join(""));
      const rubbish = Buffer.from(
        Array.from({ length: seededWhole(random, 1, 300) }, () => seededWhole(random, 0, 255)),
      );
      write(Buffer.concat([good, rubbish]));
      expect((await replayed()).ids).toEqual(ids);
    }
  });

  it("a torn file in the middle of a boot's files does not keep the later ones", async () => {
    const bootId = randomUUID();
    const [torn, kept] = [newId(), newId()];
    const line = Buffer.from(encodeLine("E", rowOf(torn)));
    write(line.subarray(0, line.length - 5), 0, bootId);
    const second = write(Buffer.from(encodeLine("E", rowOf(kept))), 1, bootId);
    expect(readFileSync(second).length).toBeGreaterThan(0);
    expect((await replayed()).ids).toEqual([kept]);
    expect(readdirSync(directory).filter((name) => name.endsWith(".ndjson"))).toEqual([]);
  });
});
