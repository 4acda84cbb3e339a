import { ConduitError } from "../errors.ts";
import { DEFAULT_LABEL, LATEST } from "./prompt-fields.ts";

/** Which version a request wants; neither means the label `production`, else the newest. */
export interface VersionChoice {
  version?: number | undefined;
  label?: string | undefined;
}

/** What there is to choose from. */
export interface VersionsAtHand {
  name: string;
  latest: number;
  labels: ReadonlyMap<string, number>;
}

/**
 * The number of the version that is wanted. Throws `invalid_value` for a label that the prompt does
 * not have; `param` is the field that holds the choice, empty when it is the body itself. Whether
 * there is a version of that number is not looked at.
 */
export function chooseVersion(
  { name, latest, labels }: VersionsAtHand,
  { version, label }: VersionChoice,
  param: string,
): number {
  if (version !== undefined) {
    return version;
  }
  if (label === undefined) {
    return labels.get(DEFAULT_LABEL) ?? latest;
  }
  const found = label === LATEST ? latest : labels.get(label);
  if (found === undefined) {
    const field = param === "" ? "label" : `${param}.label`;
    throw new ConduitError("invalid_value", {
      message: `'${field}' is '${label}', and the prompt '${name}' has no such label.`,
      param: field,
    });
  }
  return found;
}
