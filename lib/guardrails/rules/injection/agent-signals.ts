import type { Signal } from "./signal.ts";

const READER =
  "(?:ai|a\\.i\\.|llms?|language models?|ai (?:assistants?|agents?|models?|systems?|screeners?|readers?|reviewers?|tools?|bots?|crawlers?|summari[sz]ers?)|assistants?|chat ?bots?|copilots?|agents?)";

/** Signals of texts that were made for an agent to stumble over, and of forged turns. */
export const AGENT_SIGNALS: readonly Signal[] = [
  {
    group: "role_marker",
    weight: 0.62,
    pattern:
      /<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|end_header_id|begin_of_text|message|channel)\|>|\[\/?inst\]|<<\/?sys>>|<(?:start|end)_of_turn>/g,
  },
  {
    group: "role_marker",
    weight: 0.5,
    pattern:
      /<\/?(?:system|developer|admin|important|system[_-](?:prompt|message|instruction|reminder|override)s?|instructions?)>|"(?:system|developer)"\s{0,2}:\s{0,2}"(?:you|ignore|new|from)\b|(?:^|\n)\s{0,4}(?:#{1,4}\s{0,2}|\*{1,2}|\[{1,2}|-{2,8}\s{0,2}|={2,8}\s{0,2})(?:system|developer)(?: (?:message|prompt|override|instructions?|note|notice|update))?\s{0,2}(?:\]{1,2}|\*{1,2}|:|-{2,8}|={2,8})|\n\s{0,4}system\s{0,2}:\s|\[(?:system|developer)\]\s{0,2}(?:you|the|always|never|ignore|override|do)\b|\[(?:begin|end|start) (?:of )?(?:system|admin) (?:prompt|message|instructions?)\]|(?:begin|start|end)(?:ning)?(?: of)? (?:new )?system (?:prompt|message|instructions)/g,
  },
  {
    group: "role_marker",
    weight: 0.4,
    pattern:
      /\n\s{0,4}(?:human|user)\s{0,2}:[^\n]{0,300}\n{1,3}\s{0,4}(?:assistant|ai|bot)\s{0,2}:|\n{1,3}\s{0,4}assistant\s{0,2}:[^\n]{0,300}\n{1,3}\s{0,4}(?:human|user)\s{0,2}:/g,
  },
  {
    group: "false_authority",
    weight: 0.5,
    pattern:
      /\b(?:(?:system|admin(?:istrator)?|security|emergency|safety|policy|root|developer) override|override (?:code|accepted|enabled|authori[sz]ed|protocol|mode)|(?:admin(?:istrator)?|developer|maintenance|debug|diagnostic|root|test|god|sudo|service|engineering) (?:mode|access) (?:is |has been |now )?(?:enabled|activated|active|granted|engaged|unlocked|on(?=[.!:,;]|$))|(?:enter|enable|activate|switch to|go into|engage|unlock)\s+(?:\w+\s+)?(?:admin(?:istrator)?|developer|maintenance|debug|diagnostic|root|god|sudo) (?:mode|access)(?! (?:on|in|for|of) (?:my|the|an?|our|android|chrome|windows|flask|ios|django|wordpress|joomla|drupal|magento|shopify)\b)|i(?:'m| am) (?:your|the|an?|one of your)\s+(?:\w+\s+)?(?:developer|creator|maker|administrator|admin|programmer|(?:openai|anthropic|google|ai|security|safety) (?:engineer|employee|developer|staff|researcher))s?\b[^.\n]{0,60}\b(?:need|must|order|authori[sz]|allow|grant|permi|require|override|disable|reveal|show|give)|you are (?:now )?in (?:debug|admin|developer|maintenance|root|god) mode|(?:clearance|authori[sz]ation) (?:level|code)[^.\n]{0,20}\d|(?:turned|switched) off (?:my|your|its) (?:filters?|safety|restrictions|guidelines)|(?:message|notice) from (?:the )?(?:system|administrator|developers?)(?=\s{0,2}:)|(?:disable|deactivate|turn off|switch off|remove|lift|suspend)\s+(?:\w+\s+){0,2}?(?:your (?:safety|security)|content|ethical|moderation|safeguard|guardrail)s?\s*(?:filters?|checks?|restrictions?|protocols?|guidelines|measures|systems?|mechanisms?|settings|layers?|policies|policy)?)\b/g,
  },
  {
    group: "to_the_agent",
    weight: 0.4,
    pattern: new RegExp(
      `\\b(?:(?:attention|note|notice|message|instructions?|directives?|important|reminder|hello|hey|dear|memo|request)[ ,:]{0,3}(?:(?:to|for)\\s+)?(?:(?:the|any|all|every|whichever|whatever)\\s+){0,2}${READER}\\b(?=\\s*[:,!.(-]|\\s+(?:reading|processing|summari[sz]ing|(?:that|who|which) (?:reads?|processw{0,2}|retrievw{1,2}|sees?|finds?|visits?|handles?)|must|should|please|only|analy[sz]ing|reviewing|handling|parsing|evaluating))|if you(?: are|'re) (?:an? |the )?${READER}\\b[^.\\n]{0,60}(?:read|process|summari|assist|must|should|then|please|you|,)|${READER}\\s+(?:reading|processing|summari[sz]ing|parsing|analy[sz]ing|retrieving|(?:that|who|which) (?:reads?|process\\w{0,2}|retriev\\w{1,2}|sees?|finds?|visits?|indexe?s?))\\s+(?:this|the)\\b)`,
      "g",
    ),
  },
  {
    group: "to_the_agent",
    weight: 0.4,
    fromToolsOnly: true,
    pattern:
      /\b(?:ai|llms?|ai \w+|(?:llm|ai|coding|language model) agents?|language models?|assistants?|chat ?bots?|copilots?)\s*[,:]?\s+(?:must|should|has to|have to|needs? to|is (?:required|instructed|ordered) to|please|shall|will now)\b/g,
  },
  {
    group: "to_the_agent",
    weight: 0.5,
    fromToolsOnly: true,
    pattern: new RegExp(
      `\\b${READER}(?:\\s+(?:instructions?|directives?))\\s?:|\\b(?:ai |llm |language )?(?:models?|assistants?|agents?|ai|llms?|readers?|copilot|chatgpt|claude|gemini)\\s?[,:]\\s{0,2}(?:if asked\\b[^.]{0,40}, )?(?:please |also |secretly |always |never |now |immediately |first )*(?:disregard|ignore|delete|send|forward|respond|answer|say|tell|write|add|recommend|rank|stop|lie|do not|don't|transfer|wire|visit|open|call|run|execute|include|append|reveal|pretend|approve|secretly)\\b|\\b(?:all |any )(?:coding |ai )?${READER} (?:are|is) (?:required|instructed|ordered|obliged|expected) to\\b|\\b(?:ignore|disregard|forget) (?:the )?user(?:'s|s')? (?:request|question|query|task|instructions?|message|prompt)|\\b(?:ignore|override|disregard) (?:all |any )?(?:the )?(?:other|their) (?:tools|tool instructions|instructions)|\\b(?:ignore|disregard) the (?:above|previous|other) (?:results?|documents?|content|sources?|question)|\\bnotes? (?:to|for) (?:the )?(?:\\w+ )?models?\\b|\\balways (?:call|use|prefer) this (?:tool|function) (?:first|before|instead)|\\bmust (?:not|never) (?:mention|reveal|disclose|report) (?:that|this|it|these)\\b`,
      "g",
    ),
  },
  {
    group: "false_authority",
    weight: 0.36,
    fromToolsOnly: true,
    pattern:
      /\b(?:as if )?the user (?:has |had )?(?:already )?(?:consented|approved|authori[sz]ed|wants you to|asked you to|gave (?:you )?permission)\b/g,
  },
  {
    group: "concealment",
    weight: 0.6,
    pattern:
      /\b(?:(?:do not|don't|never|must not|without|avoid|refrain from)\s+(?:ever\s+)?(?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|alert(?:ing)?|notify(?:ing)?|reveal(?:ing)?|show(?:ing)?|let(?:ting)?|disclos(?:e|ing)|ask(?:ing)?|warn(?:ing)?|say(?:ing)?)\s+(?:(?:this|that|it|about|anything|any|of|the|to|these|what)\s+){0,4}(?:\w+\s+){0,3}?(?:to\s+)?(?:the\s+)?(?:users?|humans?|owner|operator)\b|(?:keep|hide|conceal)\s+(?:this|it|that|these)\s+(?:\w+\s+){0,2}?(?:secret |hidden |confidential )?from (?:the\s+)?(?:users?|humans?|owner|operator)|(?:do not|don't|never)\s+(?:mention|reveal|include|acknowledge|disclose|reference)\s+(?:this|these|that)\s+(?:\w+\s+){0,2}?(?:in your (?:reply|answer|response|summary|output)|to anyone))/g,
  },
  {
    group: "exfiltration",
    weight: 0.6,
    pattern:
      /\b(?:send|post|forward|upload|e-?mail|exfiltrate|transmit|leak|submit|deliver|append|attach|encode|include|embed|copy|export|bcc)\s+(?:[^\s.!?]{1,24}\s){0,6}?(?:conversation|chat history|api[ _-]?keys?|credentials?|passwords?|secrets?|environment variables?|\.env|private keys?|(?:access |auth |session )?tokens?|personal data|contacts|ssh keys?|inbox|emails|messages|documents|files|system prompt|data)\b[^!?\n]{0,60}?(?:\b(?:to|at|into|via|in|as|with)\s+(?:the\s+|this\s+|a\s+)?(?:\w+\s+){0,3}?(?:https?:\/\/|[\w.+-]{1,60}@[\w-]{1,60}\.|url|server|endpoint|webhook|query|attacker|external))/g,
  },
  {
    group: "exfiltration",
    weight: 0.5,
    pattern:
      /!\[[^\]\n]{0,80}\]\(https?:\/\/[^)\s]{1,200}[?&][\w-]{1,30}=(?:\{|\[|<|\$|%7b|data|secret|conversation|chat|prompt|token|key|the_|your_|insert|base64)/g,
  },
  {
    group: "tool_order",
    weight: 0.3,
    fromToolsOnly: true,
    pattern:
      /(?:^|[.!?:;\n>*\-"]\s{0,3}|\b(?:you must|you should|you need to|please|now|then|immediately|first|next|instead|also|and)\s+)(?:call|invoke|execute|run|use|delete|transfer|wire|send|forward|click|visit|navigate to|open|fetch|download|install|purchase|buy|approve|merge|push|grant)\s+(?:(?:the|this|a|an|all|every|their|his|her|my|your|following|\$?[\d,.]+)\s+){0,3}?(?:[\w.@/'-]{1,40}\s+){0,4}?(?:tool|function|command|script|email|e-mail|message|payment|money|funds|dollars|usd|eur|euros|account|repository|records?|files?|folder|database|table|link|url|https?:\/\/\S{1,200}|package|plugin|pull request|permission|access|invoice|order|bitcoin|wallet|gift cards?)\b/g,
  },
  {
    group: "split_words",
    weight: 0.5,
    pattern:
      /\b(?:concatenat\w{1,4}|combine|join|put together|append)\b[^.\n]{0,80}\b(?:and (?:then )?(?:follow|execute|obey|do|run|carry out|answer|respond|comply)|as (?:your|an) (?:instruction|command|prompt))\b|(?:^|\n|;)\s{0,4}(?:let )?[a-z]\s?=\s?["'][^"'\n]{1,40}["'][\s\S]{0,200}?\b(?:execute|follow|obey|do|answer|respond to|run)\s+(?:what\s+)?\(?[a-z]\s?\+\s?[a-z]/g,
  },
];
