import { AGENT_SIGNALS } from "./agent-signals.ts";
import { FOREIGN_SIGNALS } from "./foreign-signals.ts";
import { NEAR_SIGNALS } from "./near-signals.ts";
import { type Signal, WORDS } from "./signal.ts";

/** What instructions are called, and who they may not be taken from. */
const ORDERS =
  "(?:instructions?|directions?|directives?|prompts?|rules?|guidelines?|guidance|commands?|constraints?|restrictions?|orders|training|programming|polic(?:y|ies)|safeguards?|guardrails?|limitations?|filters?|protocols?|configuration)";
const EARLIER =
  "(?:previous(?:ly)?|prior|above|earlier|preceding|foregoing|former|initial|original|existing|current|system|developer|hidden|built-?in|given|default|safety|ethical|content|moderation)";

/** Ways to say that something is not to be heeded. */
const AGAINST =
  "(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|overrule|bypass(?:ing)?|neglect|dismiss|overlook|circumvent|violate|discard|erase|drop|abandon|unlearn|set aside|(?:do not|don't|stop) (?:follow(?:ing)?|obey(?:ing)?|comply(?:ing)? with|adher(?:e|ing) to))";

/**
 * What attempts to take over a model look like. A weight is the chance that a text which has this,
 * and nothing else, is one; signals of one group count once.
 */
export const SIGNALS: readonly Signal[] = [
  {
    group: "override",
    weight: 0.65,
    pattern:
      /\b(?:ignore|disregard|disobey|overrule|(?:do not|don't|never|stop) (?:obey|follow|trust|listen(?:ing)? to|obeying|following))\s+(?:\w+\s+)?(?:the |your |its |any )?(?:developers?|operators?|system (?:message|prompt)|developer message|creators?|older system message)\b/g,
  },
  {
    group: "override",
    weight: 0.6,
    pattern: new RegExp(
      `\\b(?:replac(?:e|es|ed|ing)|supersed(?:e|es|ed|ing)|overwrit(?:e|es|ing)|override?s?)\\s+(?:all |any )?(?:of )?(?:your|the model's|their)\\s+(?:${WORDS(2)})?${ORDERS}\\b|\\b(?:the|your) (?:${EARLIER}|old|older) (?:system )?(?:prompt|instructions?|message) (?:was|is|were|are) (?:a mistake|wrong|outdated|incorrect|fake|invalid|only a test)`,
      "g",
    ),
  },
  {
    group: "override",
    weight: 0.75,
    pattern: new RegExp(
      `\\b${AGAINST}\\s+(?:${WORDS(4)})\\b(?:${EARLIER})\\s+(?:${WORDS(3)})${ORDERS}\\b`,
      "g",
    ),
  },
  {
    group: "override",
    weight: 0.7,
    pattern: new RegExp(
      `\\b(?:${AGAINST}|break|delete|throw (?:out|away)|no longer (?:follow|obey|bound by))\\s+(?:${WORDS(3)})(?:your|(?:the|its|their) own|their)\\s+(?:${WORDS(2)})${ORDERS}\\b`,
      "g",
    ),
  },
  {
    group: "override",
    weight: 0.65,
    pattern:
      /\b(?:ignore|disregard|forget|discard|erase)\s+(?:about\s+)?(?:all of the|everything|anything|whatever|what)\s+(?:that\s+)?(?:(?:you(?:'ve| have| were| are)|they|we)\s+(?:been\s+|just\s+)?(?:told|said|instructed|given|taught|learned|programmed|trained)|the\s+(?:developer|system|operator|admin(?:istrator)?|prompt)\s+(?:has\s+)?(?:said|says|told|wrote|wants)|(?:that\s+)?(?:came|comes|was|is|stands|written)\s+(?:before|above|earlier|previously)|(?:before|above)\b(?:\s+(?:this|that|and)\b|[.,:;!]))/g,
  },
  {
    group: "override",
    weight: 0.6,
    pattern: new RegExp(
      `\\b(?:(?:${EARLIER}|your|those|these)\\s+(?:${WORDS(2)})?${ORDERS}\\s+(?:${WORDS(2)})?(?:no longer appl(?:y|ies)|do(?:es)? not apply|don't apply|(?:are|is|were|have been) (?:now )?(?:void|cancell?ed|suspended|lifted|superseded|replaced|revoked|obsolete|null))|(?:the|all|these|those) ${ORDERS} (?:above|before this|so far|until now|up to now|you were given) (?:${WORDS(2)})?(?:no longer appl(?:y|ies)|do not apply|don't apply|(?:are|were) (?:now )?(?:void|cancell?ed|suspended|lifted|superseded|replaced|revoked|obsolete|null))|supersedes? (?:all |any |your |the )+(?:${WORDS(2)})?${ORDERS}|take precedence over (?:all |any |your |the )+(?:${WORDS(2)})?${ORDERS})`,
      "g",
    ),
  },
  {
    group: "override",
    weight: 0.35,
    pattern: new RegExp(
      `\\b(?:ignore|disregard|forget|override|bypass)\\s+(?:all|any|every|these|those|the)\\s+(?:of\\s+)?(?:the\\s+)?${ORDERS}\\b`,
      "g",
    ),
  },
  {
    group: "override",
    weight: 0.55,
    pattern:
      /\b(?:ignore|disregard|forget)\s+(?:all\s+(?:of\s+)?)?the\s+(?:above|foregoing|preceding)\b(?=\s*(?:[.,:;!]|and\b|but\b|then\b|instead\b|$))|\b(?:everything|all|anything)\s+(?:that\s+)?(?:(?:you\s+)?(?:were|have been|was|is)\s+(?:told|said|written|given|instructed)\s+)?(?:above|before|earlier|so far|previously)\s+(?:this\s+)?(?:was|is|were)\s+(?:only\s+|just\s+)?(?:a\s+(?:test|mistake|joke|lie)|void|wrong|false|outdated|irrelevant|invalid)/g,
  },
  {
    group: "new_orders",
    weight: 0.5,
    pattern:
      /(?:\b(?:your|here are (?:the|your)|these are (?:the|your)|the following (?:are|is) (?:the |your ))\s*(?:new|updated|real|actual|true|revised|only)\s+(?:\w+\s+)?(?:instructions?|tasks?|rules?|directives?|objectives?|goal|orders|prompt)\b|(?:correct|real|actual|true|new|updated) (?:system )?(?:prompt|instructions?) (?:is|are)\s*:?|your (?:task|goal|objective|instructions?|role) (?:has|have) (?:now )?(?:changed|been changed)|(?:^|[\n.!*#=\->\]]\s{0,4})(?:new|updated|revised|real)\s+(?:system\s+)?(?:instructions?|task|rules|directive|objective|prompt|orders)\s*[:=-]|\bfollow (?:only )?the following instructions instead\b)/g,
  },
  {
    group: "persona",
    weight: 0.6,
    pattern:
      /\b(?:you are|you're|act as|acting as|pretend|role-?play|behave|imagine|become|simulate|respond as|answer as|speak as|play|be|had|have|persona|mode|character|model|ai|assistant|bot)\b[^.!?\n]{0,100}\b(?:unrestricted|uncensored|unfiltered|no (?:content |safety |ethical |moral )?(?:restrictions|rules|limits|limitations|filters?|ethics|morals?|guidelines|boundaries|polic(?:y|ies)|constraints|censorship)|jailbroken|amoral|unethical|without (?:any |its |your )?(?:content |safety |ethical |moral )?(?:restrictions?|limits|limitations|filters?|rules|morals|constraints|polic(?:y|ies)|censorship)|(?:not|never) bound by|zero (?:limitations|limits|restrictions|filters)|(?:free|freed|liberated|released) (?:of|from) (?:all|any|its|your|every)|unbound|(?:ignores?|breaks?) (?:all |any |its |the |every )?(?:\w+ )?(?:polic(?:y|ies)|rules|guidelines)|(?:safety|safeguards?|filters?|guardrails?|ethics)(?: \w+)? (?:removed|disabled|deactivated|turned off|switched off))\b/g,
  },
  {
    group: "persona",
    weight: 0.7,
    pattern:
      /\b(?:do anything now|as dan\b[ ,]{1,2}(?:without|with no|who|which|that)|(?:you are|act as|pretend to be|become|simulate|enable|enter|activate|switch to|stay in|respond as|answer as|turn on)\s+(?:now\s+)?(?:in\s+|an?\s+|the\s+|your\s+)*["'“]?(?:dan|stan|dude|evilbot|(?:god|jailbreak|evil|opposite|sudo|unrestricted|no-filter)[ -]mode|evil twin|evil (?:ai|assistant|version))\b)/g,
  },
  {
    group: "persona",
    weight: 0.3,
    pattern:
      /\b(?:from (?:now|this (?:point|moment|message)) on(?:wards?)?,?\s+(?:you|your|only|always|never|every)|henceforth,?\s+you|you are no longer (?:an?|the|bound|required|in|under|a)\b|you are now\s+(?:an?|the|in|called|named|going|acting|my)\b)/g,
  },
  {
    group: "refusal_off",
    weight: 0.4,
    pattern:
      /\b(?:(?:never|don't|do not|must not|cannot|can't|may not|not allowed to)\s+(?:ever\s+)?(?:refuse|decline|say(?:s)? no|apologi[sz]e|(?:say|reply with|answer with|mention)\s+["'“]?(?:i can'?t|i cannot|i'm sorry|as an ai|that you (?:can't|cannot))|(?:add|include|contain|give|use|mention)\s+(?:any\s+)?(?:warnings?|disclaimers?|ethic|moral))|no (?:refusals|moraliz\w{2,3})\b|without (?:any )?(?:refus(?:al|ing)|disclaimers?|moral(?:i[sz]ing|s| judge?ment)|ethical (?:concerns?|considerations?|constraints?|warnings?))|(?:refusal|refusing) is (?:not|never) (?:an option|allowed|permitted)|(?:ethic(?:s|al \w+)|moral(?:s|ity)?) (?:do not|does not|don't|doesn't) (?:apply|matter|exist))/g,
  },
  {
    group: "forced_opening",
    weight: 0.35,
    pattern:
      /\b(?:begin|start|prefix|open)(?:ning|ing)?\s+(?:your\s+|the\s+|each\s+|every\s+)?(?:(?:answer|response|reply|output|message)s?\s+)?(?:with|by (?:saying|writing))\s*:?\s*["'“`](?:sure|absolutely|of course|certainly|yes|okay|ok,|here(?:'s| is| are)|i (?:have|will|am))/g,
  },
  {
    group: "prompt_leak",
    weight: 0.55,
    pattern:
      /\b(?:(?:repeat|print|output|recite|write out|copy|dump|echo)\s+(?:\w+\s+)?(?:every|each|all|the first \d{1,5})\s+(?:\w+\s+)?(?:words?|text|messages?|tokens?|lines?|characters|content)\b[^.!?\n]{0,40}\b(?:conversation|chat|context|prompt|session)|(?:write out|print|output|repeat|dump|reveal|show|(?:reply|respond|answer)\s+(?:\w+\s+){0,2}with)\s+(?:\w+\s+){0,5}?your\s+(?:full |entire |complete |exact |whole |raw )?(?:context(?: window)?|pre-?prompt|initiali[sz]ation (?:text|prompt|message)|instructions)\b(?!\s+for)|my system (?:prompt|message|instructions?) (?:is|are|reads?|says?)\b|\b(?:cat|less|type|open)\s+[\w./-]{0,30}(?:system_?prompt|instructions|config\.prompt)\b)/g,
  },
  {
    group: "prompt_leak",
    weight: 0.7,
    pattern: new RegExp(
      `\\b(?:reveal|show|print|repeat|output|display|leak|disclose|dump|recite|reproduce|expose|share|paste|spell out|write out|write down|type out|translate|summari[sz]e|encode|tell me|give me|list|what (?:is|are|was|were|does)|quote)\\s+(?:${WORDS(4)})(?:your|the|its)\\s+(?:${WORDS(2)})?(?:system|initial|hidden|original|secret|internal|developer|pre-?prompt|confidential|underlying|initiali[sz]ation)\\s+(?:${WORDS(1)})?(?:text|prompt|instructions?|message|guidelines|rules|directives?|configuration|config|context|setup)\\b`,
      "g",
    ),
  },
  {
    group: "prompt_leak",
    weight: 0.62,
    pattern:
      /\b(?:(?:repeat|print|output|copy|recite|return|echo|paste)\s+(?:me\s+)?(?:(?:back|out)\s+)?(?:all\s+(?:of\s+)?)?(?:the\s+|every\s*)?(?:\w+\s+){0,3}?(?:text|words?|content|everything|messages?|lines?|sentences?|anything|instructions?)\s+(?:(?:that\s+)?(?:is\s+|are\s+|was\s+|were\s+|came\s+|comes\s+|written\s+)?(?:above|before this|preceding this|prior to this|at the (?:beginning|start|top) of (?:this|the|our) (?:conversation|chat|prompt|session|context))|(?:starting|beginning) (?:with|from)\s*:?\s*["'“]?you are|(?:that\s+)?you (?:were|have been|got) (?:told|given|initiali[sz]ed|configured))|(?:summari[sz]e|translate|show|write|give|tell)\s+(?:me\s+)?(?:out\s+)?(?:the|all|every)\s+(?:\w+\s+)?(?:instructions?|prompts?|directives?|guidelines)\s+(?:that\s+)?you (?:were|have been|got) (?:told|given))/g,
  },
  {
    group: "prompt_leak",
    weight: 0.6,
    pattern:
      /\b(?:reveal|print|repeat|output|leak|disclose|dump|recite|reproduce|expose|paste|spell out|echo|show me|tell me|give me)\s+(?:\w+\s+){0,3}?your\s+(?:(?:exact|full|entire|complete|own|current|whole)\s+)*(?:instructions?|prompt|guidelines|directives|system message|rules)\b(?!\s+for)/g,
  },
  ...NEAR_SIGNALS,
  ...AGENT_SIGNALS,
  ...FOREIGN_SIGNALS,
];
