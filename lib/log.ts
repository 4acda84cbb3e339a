import { type Logger, pino } from "pino";
import { getEnv } from "./env.ts";
import { singleton } from "./singleton.ts";

/**
 * What can slip into an error's text from an upstream or a driver, and must not reach a log. Named
 * fields are logged one by one and hold no secrets; this is the last stage behind that rule.
 */
const SECRET_SHAPES =
  /\b(cnd_(?:sk|ad|pg|wh)_[0-9A-Za-z]{6})[0-9A-Za-z]+|\b(sk-[A-Za-z0-9]{2})[A-Za-z0-9_-]{6,}|\b(AIza)[A-Za-z0-9_-]{10,}|\b(gsk_|xai-|pplx-|hf_|nvapi-|csk-)[A-Za-z0-9_-]{8,}|(\bBearer )[A-Za-z0-9._~+/=-]{8,}|([?&]key=)[^&\s"]+/g;

/**
 * A user and a password in a URL. The `@` is optional so that a run without one is passed in one
 * step: were it looked for, each of many `://a:` in the run would search the whole rest again.
 */
const URL_PASSWORD = /(:\/\/[^:/@\s]+:)[^@\s]+(@?)/g;

/** `text` with everything that has the shape of a credential cut short. */
export function scrub(text: string): string {
  return text
    .replace(URL_PASSWORD, (match, kept: string, at: string) =>
      at === "" ? match : `${kept}[redacted]@`,
    )
    .replace(SECRET_SHAPES, (_, ...groups: (string | undefined)[]) => {
      const kept = groups.slice(0, 6).find((group) => group !== undefined) ?? "";
      return `${kept}[redacted]`;
    });
}

/**
 * JSON leaves these as they are, and yet a terminal takes some for commands (C1 holds an escape) and
 * some readers take the others for the end of a line.
 */
const CONTROLS_LEFT = /[\u007f-\u009f\u2028\u2029]/g;

/** A log line in which every control character is written as JSON's escape. */
function escapeControls(line: string): string {
  return line.replace(
    CONTROLS_LEFT,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The process's logger: JSON lines on standard output, one event each. */
export function getLog(): Logger {
  return singleton("log", () =>
    pino({
      level: getEnv().logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: escapeControls },
      serializers: { err: serializeError },
    }),
  );
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return scrub(String(error));
  }
  return {
    name: error.name,
    message: scrub(error.message),
    stack: scrub(error.stack ?? ""),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
