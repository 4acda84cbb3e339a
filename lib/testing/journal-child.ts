import { openJournal } from "#lib/ledger/journal.ts";
import { makeIntent, makeRecord } from "./records.ts";

/*
 * A process that journals without end and says on standard output what has been acknowledged, for
 * tests that kill it. Arguments: the journal directory, and the size of a segment in bytes.
 */
const [, , directory = "", segmentBytes = "16384"] = process.argv;

const journal = await openJournal({
  directory,
  mode: "on",
  segmentBytes: Number(segmentBytes),
  // Nothing is stored, so every line stays in the journal.
  sink: {
    accept: () => undefined,
    storeNow: () => Promise.reject(new Error("not journaled")),
    keepUnsafe: () => false,
  },
});

async function request(): Promise<void> {
  const record = makeRecord();
  journal.recordIntent(makeIntent({ id: record.id }));
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
  await journal.recordEnd(record);
  process.stdout.write(`${record.id}\n`);
}

async function caller(): Promise<never> {
  for (;;) {
    await request();
  }
}

await Promise.all(Array.from({ length: 8 }, caller));
