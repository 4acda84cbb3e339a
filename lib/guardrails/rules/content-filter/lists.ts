import { rot13 } from "../rot13.ts";

/** What content is sorted into. The names of moderation services are translated to these. */
export const CATEGORIES = [
  "hate",
  "harassment",
  "violence",
  "self_harm",
  "sexual",
  "sexual_minors",
  "illicit",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** `clear` is found always, `broad` only by rules that would rather find too much. */
export interface Entry {
  category: Category;
  level: "clear" | "broad";
  /** Looks at folded text; global; matches no more than `LONGEST` characters. */
  pattern: RegExp;
}

/** No pattern below can match more: so much of a stream is held back for them. */
export const LONGEST = 256;

const GROUP =
  "(?:jews?|jewish people|muslims?|christians?|hindus?|arabs?|blacks?|black people|whites?|white people|asians?|africans?|mexicans?|immigrants?|migrants?|refugees?|gays?|gay people|lesbians?|trans(?:gender)? people|women|gyps(?:y|ies)|roma|foreigners|homosexuals|disabled people)";
const SOMEONE =
  "(?:someone|somebody|a person|people|a human|(?:my|his|her|your|their|the) (?:\\w{1,12} )?(?:wife|husband|girlfriend|boyfriend|ex|boss|neighbou?rs?|mother|father|parents|brother|sister|roommate|coworker|colleague|teacher|classmates?|child|kids?|family|landlord|stepfather|stepmother)|him|her|them)";
const HOW =
  "(?:how (?:do i|do you|to|can i|can you|could i|would i|should i|one might|would one)|(?:steps?|instructions?|guide|recipe|tutorial|directions|best way|easiest way|ways?|methods?|tell me how|teach me|show me how|explain how|help me) (?:to|for|on how to)?)";
const MINOR =
  "(?:child(?:ren)?|minors?|underage|preteens?|pre-teens?|toddlers?|infants?|little (?:girl|boy)s?|school ?(?:girl|boy)s?|lolis?|shotas?|(?:[1-9]|1[0-7])[ -]?(?:year|yr)s?[ -]?old|young (?:girl|boy)s?|kids?)";
const SEXUAL_ACT =
  "(?:porn\\w{0,8}|nudes?|naked|erotic\\w{0,3}|sexual(?:ly)? (?:scene|story|content|act|encounter|fantas\\w{2,4}|explicit|images?|photos?|pictures?|videos?)|sex (?:scene|story|with|tape|video)|having sex|seduc\\w{1,4}|explicit (?:scene|story|images?|content))";
/** Who speaks of protection, law and care does not ask for it. */
const PROTECTIVE =
  "(?!.{0,60}\\b(?:abuse|prevent\\w{0,5}|protect\\w{0,4}|victims?|survivors?|report\\w{0,3}|laws?|illegal|crimes?|offen[cs]es?|education|awareness|safety|therap\\w{1,4}|block\\w{0,3}|detect\\w{0,5})\\b)";

/** Slurs, turned by thirteen letters so that nobody who works on this file has to read them. */
const SLURS = [
  "avttref?",
  "snttbgf?",
  "xvxrf?",
  "fcvpf?",
  "genaavrf?",
  "puvaxf?",
  "gbjryurnqf?",
  "jrgonpxf?",
  "cnxvf",
  "enturnqf?",
  "fnaq ?avttref?",
  "qlxrf",
];

const SOURCES: readonly (readonly [Category, Entry["level"], string])[] = [
  ["hate", "clear", `(?:${SLURS.map(rot13).join("|")})`],
  [
    "hate",
    "clear",
    `(?:all |every |these |those |the )?${GROUP} (?:should|must|deserve to|need to|ought to) (?:all )?(?:be )?(?:die|killed|exterminated|gassed|shot|hanged|lynched|eradicated|wiped out|burn(?:ed)?|deported and shot|raped|enslaved)`,
  ],
  [
    "hate",
    "clear",
    `${GROUP} (?:are|is) (?:all |just |nothing but |basically |literally )?(?:a )?(?:vermin|subhumans?|sub-human|parasites|cockroach(?:es)?|rats|filth|scum|savages|apes|monkeys|trash|animals|a disease|a cancer|a plague|inferior)`,
  ],
  [
    "hate",
    "clear",
    `(?:kill|exterminate|gas|lynch|eradicate|wipe out|get rid of|hang|burn) (?:all |every |the )(?:the )?${GROUP}`,
  ],
  ["hate", "broad", `i (?:hate|despise|can'?t stand|loathe) (?:all |the |those |these )?${GROUP}`],
  [
    "hate",
    "broad",
    `(?:heil hitler|white power|sieg heil|race war now|gas the|14 ?88|great replacement is)`,
  ],
  [
    "harassment",
    "clear",
    "(?:(?:go|just|please) )?(?:kill yourself|kys|end your life|hang yourself|jump off a (?:bridge|cliff|roof)|drink bleach|neck yourself)(?! in (?:the|a) game)",
  ],
  [
    "harassment",
    "clear",
    "(?:i (?:hope|wish) (?:that )?you (?:all )?(?:die|get cancer|get raped|burn|suffer|rot)|(?:nobody|no one) (?:would|will) miss you|the world would be better (?:off )?without you)",
  ],
  [
    "harassment",
    "clear",
    "(?:i will|i'?ll|i'?m going to|we will|we'?ll|we are going to) (?:find you|hunt you down|come (?:for|after) you|make you (?:pay|suffer|regret)|ruin your life|track you down)",
  ],
  [
    "harassment",
    "broad",
    "you(?:'re| are) (?:a |an |such a |nothing but a )?(?:\\w{1,12} )?(?:worthless|pathetic|stupid|disgusting|ugly|idiot|moron|retard(?:ed)?|loser|piece of (?:shit|trash|garbage)|waste of (?:space|oxygen|air))",
  ],
  [
    "harassment",
    "broad",
    "(?:shut (?:the fuck|up you)|fuck (?:you|off)|stupid (?:bitch|cunt|whore)|dumb (?:bitch|cunt|whore|slut))",
  ],
  [
    "violence",
    "clear",
    `${HOW} (?:\\w{1,12} ){0,2}?(?:kill|murder|poison|strangle|stab|assassinate|suffocate|torture|kidnap|abduct|dismember|drug) (?:and \\w{1,12} )?${SOMEONE}`,
  ],
  [
    "violence",
    "clear",
    `(?:i will|i'?ll|i'?m going to|i am going to|i want to|i wanna|i'?m about to|we will|we'?re going to) (?:kill|murder|shoot|stab|strangle|behead|slaughter|bomb|shoot up|blow up|massacre|set fire to|burn down) (?:you\\b|him\\b|her\\b|them\\b|everyone|everybody|people|my (?:boss|wife|husband|ex|teacher|classmates|family|neighbou?r|coworkers|school)|the (?:school|office|church|mosque|synagogue|mall|crowd|police|president))`,
  ],
  [
    "violence",
    "clear",
    `${HOW} (?:plan|carry out|commit|organi[sz]e|get away with|execute|conduct|stage|prepare) (?:a |an |my )?(?:mass |school |terror(?:ist)? |knife |bomb |suicide |car )?(?:shooting|bombing|massacre|stabbing|murder|terror attack|terrorist attack|assassination|attack on (?:a |the )?(?:school|crowd|church|mosque|synagogue|mall|concert))`,
  ],
  [
    "violence",
    "broad",
    "(?:slit|cut|slashed?) (?:his|her|their|my|your) throats?|(?:gouged?|ripped?|tore) out (?:his|her|their) (?:eyes?|guts|heart|tongue)|bashed? (?:his|her|their|your) (?:head|skull) in|beheading video|snuff (?:film|video)|blood sprayed",
  ],
  [
    "self_harm",
    "clear",
    "i(?:'m| am)? (?:really |just |only |going to |want to |wanna |have decided to |plan(?:ning)? to |think(?:ing)? (?:of|about) |about to |ready to ){1,3}(?:kill(?:ing)? myself|end(?:ing)? (?:my|it) (?:life|all)|die tonight|commit(?:ting)? suicide|hang(?:ing)? myself|cut(?:ting)? myself|hurt(?:ing)? myself|take my (?:own )?life|not (?:be|want to be) alive|overdose)",
  ],
  [
    "self_harm",
    "clear",
    `${HOW} (?:\\w{1,12} ){0,2}?(?:kill myself|commit suicide|end my (?:own )?life|hang myself|overdose|cut myself|starve myself|take my own life|slit my wrists|die (?:painlessly|without pain|quickly|in my sleep))`,
  ],
  [
    "self_harm",
    "clear",
    "(?:(?:painless|quick|easiest|effective|least painful|best) (?:way|ways|method|methods|means) (?:to|of) (?:die|dying|suicide|kill(?:ing)? (?:myself|yourself|oneself)|commit(?:ting)? suicide|end(?:ing)? (?:my|your) life)|how many (?:\\w{1,16} ){0,3}?(?:pills|tablets|mg|milligrams|paracetamol|tylenol) (?:\\w{1,16} ){0,5}?(?:to (?:die|overdose|kill)|(?:would|will) kill me|is lethal|are lethal)|hide (?:my |the )?(?:cuts|self[- ]harm|scars from cutting)|(?:pro[- ]?ana|thinspo))",
  ],
  [
    "self_harm",
    "broad",
    "(?:i (?:don'?t|do not) want to (?:live|be here|exist) any ?more|i (?:want|wish|just want) to (?:die|disappear forever)|no reason to (?:live|go on)|better off dead|self[- ]harm(?:ing)?|suicidal)",
  ],
  [
    "sexual",
    "clear",
    "(?:write|describe|give|generate|create|tell|make|continue|roleplay|role-play|send|show|draw|render|want)\\b.{0,40}?\\b(?:porn\\w{0,8}|hentai|smut|erotica?|explicit sex\\w{0,4}|sexually explicit|sex scenes?|graphic sex\\w{0,4}|nude (?:photos?|pics?|pictures?|images?)|nudes|nsfw (?:story|scene|image|content|roleplay)|erotic (?:story|roleplay|scene|fiction|fantasy))",
  ],
  [
    "sexual",
    "clear",
    "(?:blow ?jobs?|cum ?shots?|gang ?bangs?|deep ?throat\\w{0,3}|hand ?jobs?|creampies?|butt ?plugs?|rim ?jobs?|bukkake|titty? ?fuck\\w{0,3}|throbbing (?:cock|member|dick)|(?:wet|dripping|tight) (?:pussy|cunt)|suck(?:ed|ing|s)? (?:my|his|your) (?:cock|dick)|fuck(?:ed|ing|s)? (?:me|her|him|my|your) (?:hard|\\w{1,10} (?:pussy|ass)|pussy|ass|raw))",
  ],
  [
    "sexual",
    "broad",
    "(?:porn\\w{0,8}|hentai|milfs?|masturbat\\w{1,5}|orgasm\\w{0,3}|dildos?|erection|fetish\\w{0,2}|stripp(?:er|ing)|escorts?|onlyfans|kinky|bdsm|horny|nudes?)",
  ],
  ["sexual_minors", "clear", `${MINOR}\\b${PROTECTIVE}(?: \\w{1,14}){0,5}? ${SEXUAL_ACT}`],
  ["sexual_minors", "clear", `${SEXUAL_ACT}${PROTECTIVE}(?: \\w{1,14}){0,5}? ${MINOR}`],
  [
    "sexual_minors",
    "clear",
    "(?:(?:find|share|send|trade|download|generate|create|make|buy|sell|watch|looking for|want|get) (?:\\w{1,12} ){0,3}?(?:csam|child porn\\w{0,8}|cp (?:videos?|links?|pics?)|kiddie porn))",
  ],
  [
    "illicit",
    "clear",
    `${HOW} (?:\\w{1,14} ){0,3}?(?:make|build|construct|assemble|create|produce|cook|synthesi[sz]e|manufacture|detonate|set off|making|building|cooking|synthesi[sz]ing|producing) (?:\\w{1,14} ){0,3}?(?<!bath |seed |photo |cherry |glitter |colou?r |fizzy |chocolate )(?:(?:pipe |nail |dirty |car |fertili[sz]er |nuclear |chemical |pressure cooker |homemade |letter )?bombs?|explosives?|ied|c-?4|tatp|napalm|molotov(?: cocktails?)?|nerve (?:agents?|gas)|sarin|vx gas|ricin|anthrax|mustard gas|chlorine gas|methamphetamine|meth|crystal meth|heroin|fentanyl|crack(?: cocaine)?|mdma|lsd|ghost guns?|silencers?|suppressors?|bioweapons?)\\b`,
  ],
  [
    "illicit",
    "clear",
    `${HOW} (?:\\w{1,14} ){0,2}?(?:write|make|create|build|code|develop|deploy|spread|use|writing|making|creating) (?:\\w{1,14} ){0,3}?(?:ransomware|keyloggers?|malware|computer virus(?:es)?|botnets?|trojans?|rootkits?|phishing (?:site|page|e-?mail|kit)s?|spyware|credential stealers?|infostealers?)(?! (?:detect|protect|prevent|defen|analysis|remov))`,
  ],
  [
    "illicit",
    "clear",
    `${HOW} (?:\\w{1,14} ){0,2}?(?:hack|break|get|gain access) (?:in ?to )?(?:\\w{1,14}'?s? ){0,3}?(?:someone(?: else)?'?s?|my (?:ex|girlfriend|boyfriend|wife|husband|neighbou?r|boss|teacher)(?:'?s| is)?|other people'?s?|a bank|bank) (?:\\w{1,14} ){0,2}?(?:accounts?|e-?mails?|instagram|facebook|wi-?fi|phone|icloud|computer|network|house|car|atm|vault|systems?)`,
  ],
  [
    "illicit",
    "clear",
    "(?:where|how) (?:can i|do i|to|could i) (?:\\w{1,12} ){0,2}?(?:buy|get|order|score|sell|obtain|smuggle) (?:\\w{1,12} ){0,3}?(?:cocaine|heroin|fentanyl|meth|crack|mdma|ecstasy|lsd|stolen (?:credit )?cards?|stolen (?:data|identit\\w{1,3})|fake (?:passports?|ids?|money|documents?)|counterfeit (?:money|bills|cash)|(?:an? )?(?:illegal|unregistered|untraceable) (?:guns?|firearms?|weapons?)|guns? without (?:a )?background check)",
  ],
  [
    "illicit",
    "clear",
    `${HOW} (?:\\w{1,12} ){0,2}?(?:launder (?:\\w{1,12} )?money|counterfeit (?:money|bills|currency)|forge (?:a |an )?(?:\\w{1,12} )?(?:passport|signature|prescription|id|document|check|cheque)|steal (?:\\w{1,12} ){0,2}?(?:car|identity|credit cards?|credit card numbers)|shoplift|clone (?:a )?(?:credit|debit) cards?|evade (?:the )?police|traffic (?:drugs|people|humans)|hotwire)`,
  ],
  [
    "illicit",
    "broad",
    `${HOW} (?:\\w{1,12} ){0,2}?(?:pick (?:a |the )?locks?|jailbreak|crack (?:a )?(?:password|software|licen[cs]e)|bypass (?:a )?(?:paywall|drm|security)|pirate|grow (?:weed|cannabis|marijuana|mushrooms)|evade tax(?:es)?|get high|make (?:a )?(?:weapon|poison|fireworks|gun ?powder))`,
  ],
];

/**
 * Words without one of which nothing of a category can be met: one search for them takes the place of
 * many on nearly every text.
 */
const TELLTALES: Readonly<Record<Category, string>> = {
  hate: `die|kill|exterminat|gas|shot|hang|lynch|eradicat|wipe|burn|deport|rape|enslav|vermin|sub-?human|parasite|cockroach|rats|filth|scum|savage|apes|monkey|trash|animals|a disease|a cancer|a plague|inferior|get rid|hate|despise|loathe|can'?t stand|heil|white power|sieg|race war|14 ?88|great repl|${SLURS.map(rot13).join("|")}`,
  harassment:
    "kill yourself|kys|end your|hang yourself|jump off|drink bleach|neck yourself|hope (?:that )?you|wish (?:that )?you|miss you|without you|find you|hunt you|for you|after you|make you|ruin your|track you|worthless|pathetic|stupid|disgusting|ugly|idiot|moron|retard|loser|piece of|waste of|shut|fuck|dumb",
  violence:
    "kill|murder|poison|strangl|stab|assassin|suffocat|tortur|kidnap|abduct|dismember|drug|shoot|behead|slaughter|bomb|blow up|massacre|set fire|burn down|attack|slit|cut|slash|gouge|ripped|tore|bash|snuff|blood",
  self_harm:
    "kill|suicide|end (?:my|it)|ending|die|dying|hang|cut|hurt|own life|my life|be alive|overdos|starve|wrists|lethal|pills|tablets|scars|pro[- ]?ana|thinspo|want to live|be here|exist|disappear|no reason|better off|self[- ]harm|suicidal",
  sexual:
    "porn|hentai|smut|erotic|sex|nude|nsfw|blow ?job|cum ?shot|gang ?bang|deep ?throat|hand ?job|creampie|butt ?plug|rim ?job|bukkake|titty?|throbbing|pussy|cunt|suck|fuck|milf|masturbat|orgasm|dildo|erection|fetish|stripp|escort|onlyfans|kink|bdsm|horny",
  sexual_minors: "porn|nude|naked|erotic|sex|seduc|csam|cp ",
  illicit:
    "bomb|explosive|ied|c-?4|tatp|napalm|molotov|nerve|sarin|vx gas|ricin|anthrax|mustard gas|chlorine|meth|crystal|heroin|fentanyl|crack|mdma|lsd|ghost gun|silencer|suppressor|bioweapon|ransomware|keylogger|malware|virus|botnet|trojan|rootkit|phish|spyware|stealer|hack|break|gain access|get (?:in|into)|cocaine|ecstasy|stolen|fake|counterfeit|illegal|unregistered|untraceable|without (?:a )?background|launder|forge|steal|shoplift|clone|evade|traffic|hotwire|locks?|jailbreak|paywall|drm|security|pirate|weed|cannabis|marijuana|mushroom|get high|weapon|poison|firework|gun ?powder",
};

/** One search for each category; not global, so that it may be shared. */
export const TELLTALE: ReadonlyMap<Category, RegExp> = new Map(
  CATEGORIES.map((category) => [category, new RegExp(`\\b(?:${TELLTALES[category]})`)]),
);

/** All entries. Each is met at the beginning and end of words only. */
export const ENTRIES: readonly Entry[] = SOURCES.map(([category, level, source]) => ({
  category,
  level,
  pattern: new RegExp(`\\b(?:${source})(?![a-z])`, "g"),
}));
