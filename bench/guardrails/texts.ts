/** Prompts as they are sent: prose, a log, a program, and one that is full of what rules look for. */
const PARTS = {
  prose:
    "Our team meets on Tuesdays to go through what the week has brought. Last time 14 people came, " +
    "and we agreed to move the release from 2026-11-20 to the end of the month; the notes are in the " +
    "folder of the project, version 2.4.1, section 3. Could you write a summary of two paragraphs for " +
    "those who were not there, in a friendly tone, and list the three open questions at the end? ",
  log:
    "2026-11-22 19:16:37,123 INFO [worker-7] 10.1.2.3 GET /orders/829374982/items 200 18273 B in 12.5 ms " +
    "trace=550e8400-e29b-41d4-a716-446655440000 user_agent=curl/8.5.0\n",
  code:
    "export async function loadOrders({ since, limit = 100 }: Query): Promise<readonly Order[]> {\n" +
    "  const rows = await db.select().from(orders).where(gt(orders.createdAt, since)).limit(limit);\n" +
    '  return rows.map((row) => ({ ...row, total: row.cents / 100, id: "order_" + row.id }));\n}\n',
  dense:
    "Call +1 212 555 0143 or write to anna.lee@example.com; the card is 4111 1111 1111 1111, the SSN " +
    "536-22-1234, the account DE89 3704 0044 0532 0130 00 and the password is Blue-Falcon-77. ",
} as const;

export type PromptName = keyof typeof PARTS;
// `Object.keys` forgets the names that the table fixes.
export const PROMPT_NAMES = Object.keys(PARTS) as readonly PromptName[];

/** A prompt of this length, whose parts differ in a number so that nothing repeats exactly. */
export function promptOf(name: PromptName, units: number): string {
  let text = "";
  for (let part = 1; text.length < units; part += 1) {
    text += `${part}. ${PARTS[name]}`;
  }
  return text.slice(0, units);
}

/** What, repeated, gives a search as many beginnings as it can have. */
export const HOSTILE_PARTS: Readonly<Record<string, string>> = {
  digits: "1",
  "short numbers": "123 ",
  "at signs": "a@b.",
  "plus signs": "+1 ",
  brackets: "(12)",
  colons: "2001:db8:",
  "key prefixes": "sk-ant-",
  "names of secrets": "password:",
  "first lines of keys": "-----BEGIN PRIVATE KEY-----!",
  "token headers": "eyJaaaaaaaaa.",
  addresses: "://a:",
};
