/**
 * Tool arguments as an object, for providers that take objects. Clients send `""` or broken JSON
 * back when a model wrote it, so nothing here throws: what is no object is kept under `input`, for
 * the model to see what it wrote.
 */
export function parseArguments(text: string): Record<string, unknown> {
  if (text.trim() === "") {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : { input: value };
  } catch {
    return { input: text };
  }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
