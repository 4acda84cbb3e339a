import type { SecuritySettings } from "#lib/contract/settings.ts";
import { type LimitValue, limitCount, limitValue } from "../../../_ui/limit-field.tsx";

/** The security settings as the form holds them. */
export interface SecurityValues extends Record<string, unknown> {
  session_hours: string;
  idle: LimitValue;
  /** One network a line. */
  networks: string;
}

export function securityValues(settings: SecuritySettings): SecurityValues {
  return {
    session_hours: String(settings.session_hours),
    idle: limitValue(settings.idle_minutes),
    networks: settings.console_networks.join("\n"),
  };
}

/** What is sent; what is no number goes as it was typed, and is refused by name. */
export function securityInput(values: SecurityValues): Record<string, unknown> {
  const hours = values.session_hours.trim();
  return {
    session_hours: /^\d{1,9}$/.test(hours) ? Number(hours) : hours,
    idle_minutes: limitCount(values.idle),
    console_networks: networksIn(values.networks),
  };
}

/** Networks stand in lines, or with commas between them. */
function networksIn(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The sentence for the box of networks, which may be about one of its lines. */
export function networkProblem(
  errors: Readonly<Record<string, string | undefined>>,
  text: string,
): string | undefined {
  const [name = "", problem] =
    Object.entries(errors).find(([key]) => key.startsWith("console_networks")) ?? [];
  const line = networksIn(text)[Number(name.split(".")[1])];
  return problem === undefined || line === undefined ? problem : `${line}: ${problem}`;
}
