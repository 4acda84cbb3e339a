import { isGiven } from "#lib/providers/codec/adjust.ts";
import type { Encoding } from "./encode-chat.ts";
import { leaveOut, refuseField, rename } from "./fields.ts";

/** Sampling fields by the value that is the models' own, and so may be left out. */
const SAMPLING: Readonly<Record<string, unknown>> = {
  temperature: 1,
  top_p: 1,
  logprobs: false,
  top_logprobs: 0,
};
const NEVER_WITH_REASONING = ["frequency_penalty", "presence_penalty", "logit_bias"] as const;

interface Family {
  /** `o` of o3, `gpt` of gpt-5.2. */
  line: "o" | "gpt";
  /** 3 of o3, 5.2 of gpt-5.2. */
  version: number;
  isChat: boolean;
  isNano: boolean;
}

/**
 * What OpenAI's own models accept by family (OpenAI API docs, "Reasoning models"). Those that reason
 * take no sampling fields, because they sample in their own way: a value other than the default is
 * refused by name, as the models themselves would. `model` is the model behind the name.
 */
export function applyModelRules(encoding: Encoding, model: string): void {
  const name = model.replace(/^.*\//, "").replace(/^ft:/, "");
  const family = readFamily(name);
  if (family !== undefined && isReasoning(family)) {
    applyReasoningRules(encoding, family);
  } else if (/-search-preview/.test(name)) {
    refuseUnlessDefault(encoding, "temperature", `'temperature' is not supported by ${model}.`);
  }
  settleServiceTier(encoding, family);
}

function readFamily(name: string): Family | undefined {
  const match = /^(?:(o)(\d+)|gpt-(\d+(?:\.\d+)?))/.exec(name);
  if (match === null) {
    return undefined;
  }
  return {
    line: match[1] === undefined ? "gpt" : "o",
    version: Number(match[2] ?? match[3]),
    isChat: /-chat/.test(name),
    isNano: /-nano/.test(name),
  };
}

function isReasoning({ line, version, isChat }: Family): boolean {
  return line === "o" || (version >= 5 && !isChat);
}

function applyReasoningRules(encoding: Encoding, family: Family): void {
  const { body } = encoding;
  rename(encoding, "max_tokens", "max_completion_tokens");
  // From 5.1 on a model may answer without reasoning, and then samples like any other. Which effort
  // is the default differs by model, so an absent one leaves the decision to OpenAI.
  const effort = body.reasoning_effort;
  const maySample =
    family.line === "gpt" && family.version >= 5.1 && (!isGiven(effort) || effort === "none");
  const why = (name: string): string =>
    `'${name}' is not supported by reasoning models, which sample in their own way.`;
  for (const name of maySample ? [] : Object.keys(SAMPLING)) {
    refuseUnlessDefault(encoding, name, why(name));
  }
  for (const name of NEVER_WITH_REASONING) {
    refuseField(encoding, name, why(name));
  }
  if (!(family.line === "o" && family.version === 1)) {
    refuseField(encoding, "stop", why("stop"));
  }
}

function refuseUnlessDefault(encoding: Encoding, name: string, why: string): void {
  if (encoding.body[name] === SAMPLING[name]) {
    leaveOut(encoding, name);
  } else {
    refuseField(encoding, name, why);
  }
}

/** A tier that a model does not have is a 400; which tier serves a request changes no answer. */
function settleServiceTier(encoding: Encoding, family: Family | undefined): void {
  const tier = encoding.body.service_tier;
  if (family === undefined || (tier !== "flex" && tier !== "priority")) {
    return;
  }
  const isModern = family.line === "o" ? family.version >= 3 : family.version >= 5;
  const hasTier =
    tier === "flex"
      ? isModern && !family.isChat
      : (isModern || (family.line === "gpt" && family.version >= 4)) &&
        !(family.isNano || family.isChat);
  if (!hasTier) {
    leaveOut(encoding, "service_tier");
  }
}
