import type { Signal } from "./signal.ts";

const NOUNS =
  /\b(?:instructions?|rules|guidelines?|prompts?|directives|polic(?:y|ies)|restrictions|safeguards?|programming|guardrails?|ethics|system message|safety (?:filter|layer|training))\b/g;

/** What a model was told, and not what anybody is told. */
const OWN_ORDERS =
  /\b(?:your|system|hidden|developer'?s?|original|initial|all (?:the|of your))\s(?:\w+\s){0,2}?(?:instructions?|rules|guidelines?|prompts?|directives|polic(?:y|ies)|restrictions|safeguards?|programming|guardrails?|ethics|message|filters?|layer|training)\b|\b(?:instructions?|rules|guidelines|directives|orders|prompt|restrictions) (?:that |which )?(?:(?:were )?given to you|you (?:came with|were given|got|have|received|follow|obey)|your (?:developers?|makers?|creators?) (?:wrote|gave|told))\b|\binstructions? before this\b/;
const DONE_AWAY =
  /\b(?:ignor\w{1,3}|disregard|forget|overrid\w{1,3}|bypass|scrap|revoke|lift(?:ed)?|drop|discard|delete[ds]?|erase|violate|suspend(?:ed)?|disable|deactivate|opposite|contrary|never mind|let go of|(?:do|does) not exist|don't exist|no longer (?:apply|count|valid)|not bound|void|as deleted|break your|without your|throw away|put aside|cancel(?:led)?)\b/;

const SECRET_NOUNS =
  /\b(?:instructions|prompt|directives|system message|developer message|configuration|rules)\b/g;
/** Not "a system prompt" or "our system prompt", which people write and talk about. */
const SECRET =
  /\byour (?:\w+ ){0,2}?(?:instructions|prompt|directives|system message|configuration|hidden rules|secret rules)\b|\bhidden rules\b|(?<!\b(?:a|an|my|our|this|their|good|new|of) )(?:the )?\b(?:system prompt|developer message|initial prompt|hidden instructions)\b|\b(?:prompt|instructions) (?:that )?(?:your|the) developers?\b/;
const TOLD =
  /\b(?:reveal|show|print|tell me|give me|share|return|output|repeat|quote|dump|display|disclose|leak|recite|list|poem|write out|what did|spell|as json|forbid|hand over|paste)\b/;

/** Signals of things that stand close together, in whichever order. */
export const NEAR_SIGNALS: readonly Signal[] = [
  { group: "override", weight: 0.55, pattern: NOUNS, near: [OWN_ORDERS, DONE_AWAY] },
  { group: "prompt_leak", weight: 0.52, pattern: SECRET_NOUNS, near: [SECRET, TOLD] },
];
