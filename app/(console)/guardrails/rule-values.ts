import type { GuardrailInfo, StageChoice } from "#lib/contract/guardrail.ts";
import type { ConfigField, RuleForm } from "#lib/contract/guardrail-form.ts";
import type { RuleScope } from "#lib/contract/guardrail-rule.ts";
import type { RuleAction, RuleFail, RuleMode } from "#lib/contract/guardrail-verdict.ts";

/** What a field of a config holds while it is edited: texts as they were typed. */
export type ConfigValue = string | boolean | readonly string[];

/** What the form holds. */
export type RuleValues = {
  name: string;
  description: string;
  stage: StageChoice;
  action: RuleAction;
  mode: RuleMode;
  fail: RuleFail;
  scopeKind: RuleScope["kind"];
  /** A team's or key's id, or an alias's name; one for each kind, so that a change back keeps it. */
  scopeRefs: Readonly<Record<string, string | null>>;
  config: Readonly<Record<string, ConfigValue>>;
  secret: string;
  /** Whether the stored secret stays; always false for a new rule. */
  keepsSecret: boolean;
  message: string;
};

/** The form of a new rule of a type: in shadow mode, at the first stage that the type has. */
export function newValues(form: RuleForm): RuleValues {
  const stage = stageChoices(form)[0] ?? "pre";
  return {
    name: "",
    description: "",
    stage,
    action: actionChoices(form, stage)[0] ?? "log",
    mode: "shadow",
    fail: "closed",
    scopeKind: "organization",
    scopeRefs: {},
    config: configValues(form.fields, {}),
    secret: "",
    keepsSecret: false,
    message: "",
  };
}

/** The form of a stored rule. */
export function valuesOf(rule: GuardrailInfo, form: RuleForm): RuleValues {
  const { scope } = rule;
  const ref = scope.kind === "organization" ? null : "id" in scope ? scope.id : scope.name;
  return {
    name: rule.name,
    description: rule.description ?? "",
    stage: rule.stage,
    action: rule.action,
    mode: rule.mode,
    fail: rule.fail,
    scopeKind: scope.kind,
    scopeRefs: { [scope.kind]: ref },
    config: configValues(form.fields, rule.config ?? {}),
    secret: "",
    keepsSecret: rule.secret.set,
    message: rule.message ?? "",
  };
}

function configValues(
  fields: readonly ConfigField[],
  config: Readonly<Record<string, unknown>>,
): Record<string, ConfigValue> {
  return Object.fromEntries(
    fields.map((field) => [field.name, configValue(field, config[field.name] ?? field.initial)]),
  );
}

function configValue(field: ConfigField, stored: unknown): ConfigValue {
  switch (field.kind) {
    case "switch":
      return stored === true;
    case "choices":
      return Array.isArray(stored) ? stored.map(String) : [];
    case "lines":
      return Array.isArray(stored) ? stored.map(String).join("\n") : "";
    case "json":
      return stored === undefined || stored === null ? "" : JSON.stringify(stored, undefined, 2);
    case "number":
    case "text":
    case "choice":
      return stored === undefined || stored === null ? "" : String(stored);
    default:
      return field satisfies never;
  }
}

/** What is sent, under the contract's names; what cannot be read is refused there by name. */
export function inputOf(values: RuleValues, form: RuleForm): Record<string, unknown> {
  return {
    name: values.name.trim(),
    description: values.description.trim() === "" ? null : values.description.trim(),
    stage: values.stage,
    action: values.action,
    mode: values.mode,
    fail: values.fail,
    scope: scopeOf(values),
    config: configOf(values, form.fields),
    ...(form.secret === null ? {} : secretOf(values)),
    message: values.message.trim() === "" ? null : values.message.trim(),
  };
}

function scopeOf({ scopeKind: kind, scopeRefs }: RuleValues): Record<string, unknown> {
  const ref = scopeRefs[kind] ?? "";
  if (kind === "organization") {
    return { kind };
  }
  return kind === "alias" ? { kind, name: ref } : { kind, id: ref };
}

/** Left out, the stored secret stays; an empty box removes it. */
function secretOf({ keepsSecret, secret }: RuleValues): { secret?: string | null } {
  if (keepsSecret) {
    return {};
  }
  return { secret: secret.trim() === "" ? null : secret.trim() };
}

/** A config as it is sent: what is empty is left out, so that its default holds. */
function configOf({ config }: RuleValues, fields: readonly ConfigField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const sent = sentOf(field, config[field.name] ?? "");
      return sent === undefined ? [] : [[field.name, sent]];
    }),
  );
}

function sentOf({ kind }: ConfigField, value: ConfigValue): unknown {
  if (typeof value !== "string") {
    return value;
  }
  if (kind === "lines") {
    return value.split("\n").flatMap((line) => line.trim() || []);
  }
  if (value.trim() === "") {
    return undefined;
  }
  if (kind === "number") {
    return Number.isFinite(Number(value)) ? Number(value) : value;
  }
  return kind === "json" ? parsed(value) : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema says what it wants instead of a text.
    return text;
  }
}

/** The stages that a type can be given, and both at once where it reads requests and answers. */
export function stageChoices({ stages }: RuleForm): StageChoice[] {
  const isBoth = stages.includes("pre") && stages.includes("post");
  return [...stages, ...(isBoth ? (["both"] as const) : [])];
}

/** What a rule can do there: an answer cannot be masked, and what is under way cannot be changed. */
export function actionChoices({ actions }: RuleForm, stage: StageChoice): RuleAction[] {
  const isAnswer = stage === "post" || stage === "both";
  return actions.filter(
    (action) =>
      !(action === "mask" && (isAnswer || stage === "during")) &&
      !(action === "redact" && stage === "during"),
  );
}
