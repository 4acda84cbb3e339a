/**
 * What English words count for when two questions are compared. Only what stands here may differ
 * between two questions that share an answer; every other word has to be in both of them.
 */

/** Kinds of difference, the weightiest first: what a look-up's record names as its guard. */
export const GUARDS = [
  "code",
  "number",
  "unit",
  "date",
  "negation",
  "quantity",
  "opposite",
  "asked",
  "name",
  "word",
  "order",
] as const;
export type Guard = (typeof GUARDS)[number];

const listed = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/**
 * Ways of asking that mean the same, and courtesies that mean nothing. Tried in this order on text
 * that is outside of quotes and code; case does not matter.
 */
export const PHRASES: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/^(hello|hi|hey|dear|good (morning|evening))( there)?[,!.]\s?/giu, ""],
  [/[,.!?\s]{1,3}(thanks|thank you)( (a lot|very much|in advance))?[.!\s]{0,3}$/giu, "?"],
  [/\bplease\b,? ?/giu, ""],
  [/\bcan not\b|\bcannot\b/giu, "can not"],
  [
    /\b(what (should|do|can) i do|how (do|can) i do (that|this|it)|how does (that|this|it) work)\b/giu,
    "how",
  ],
  [
    /(?<=^|[.?!]\s?)(can|could|would|will) you (kindly )?(?=(also )?(tell|explain|give|show|help|write|recommend|suggest|list|summari|translate|describe|find|fix|make|compose|draft)\p{L}*\b)/giu,
    "",
  ],
  [/(?<=^|[.?!]\s?)(i want|i'd like|i would like|i need|i am trying|i'm trying) to\b/giu, "how"],
  [/(?<=^|[.?!]\s?)(i need|i want|i'd like|i would like)\b/giu, ""],
  [/(?<=^|[.?!]\s?)help me (to )?/giu, ""],
  [/\b(tell|give|show) me (?!how\b)/giu, ""],
  [/\b(tell|show) me how\b/giu, "how"],
  [/\bfor me\b/giu, ""],
  [
    /\bwhat (is|are|was) the (best |easiest |right |usual )?(way|steps|method|procedure) (to|for|of)\b/giu,
    "how",
  ],
  [/\bhow to\b/giu, "how"],
  [/\b(what makes|what is the reason( for| that| why)?|how come)\b/giu, "why"],
  [/\b(at )?what (time|date|day)\b/giu, "when"],
  [/\bhow many\b/giu, "howmany"],
  [/\bhow much (does|do|is|are|did|will|would)\b(?=.*\bcosts?\b)/giu, "what"],
  [/\bhow much\b/giu, "howmuch"],
  [/\bhow often\b/giu, "howoften"],
  [/\bhow long\b/giu, "howlong"],
  [/\bhow (old)\b/giu, "what age of"],
  [/\bhow (tall|high)\b/giu, "what height of"],
  [/\bhow (big|large)\b/giu, "what size of"],
  [/\bhow far\b/giu, "what distance"],
  [/\bhow (fast)\b/giu, "what speed of"],
  [/\bhow (heavy)\b/giu, "what weight of"],
  [/\bwhat (is|are|was|were)\b(.*)\blike\b/giu, "how $2"],
  [/\b(what is )?the (meaning|definition) of( the (word|term|acronym|abbreviation))?\b/giu, "what"],
  [/\bwhat does( the (word|term|acronym|abbreviation))?\b(.*)\b(mean|stand for)\b/giu, "what $3"],
  [/\b(is it possible|am i able) to\b/giu, "can i"],
  [/\b(do|does) (you|the company) (have|offer)\b/giu, "is there"],
  [/\b(turn|switch|turned|switched) on\b/giu, "enable"],
  [/\b(turn|switch|turned|switched) off\b/giu, "disable"],
  [/\b(log|sign) ?in\b|\blog into\b/giu, "signin"],
  [/\b(log|sign) ?(out|off)\b/giu, "signout"],
  [/\bsign ?up\b/giu, "register"],
  [/\bset ?up\b/giu, "configure"],
  [/\bget rid of\b/giu, "remove"],
  [/\b(get|getting) in touch with\b/giu, "contact"],
  [/\bcustomer (support|service)\b/giu, "support"],
  [/\b(get|have|receive) (my |the )?money back\b/giu, "refund"],
  [/\b(in|with) (simple|easy|plain) (terms|words|language|english)\b/giu, "simply"],
  [/\bnot as\b/giu, "less"],
];

/** Words that carry no part of a question's meaning on their own. */
export const FILLERS: ReadonlySet<string> = new Set(
  listed(`
    a an the this these those that it its there here
    i me you we us
    am is are was were be been being do does did done doing have has had having
    can could will would shall
    of in on at for to from with about into onto as upon
    and really actually
    what which explain define tell
    oh well ok okay
  `),
);

/** Who a thing belongs to. One text may leave it out, but two may not contradict each other. */
export const OWNERS: ReadonlyMap<string, string> = new Map([
  ["my", "mine"],
  ["our", "mine"],
  ["your", "yours"],
]);

/** Prepositions behind which a noun changes places without a change of meaning: "recipe for a cake". */
export const LINKS: ReadonlySet<string> = new Set(listed("of in on for"));

/** Which way or place a preposition gives to the word behind it; two texts may not give it two. */
export const DIRECTIONS: ReadonlyMap<string, string> = new Map([
  ["from", "from"],
  ["to", "to"],
  ["into", "to"],
  ["onto", "to"],
  ["for", "to"],
  ["with", "with"],
  ["in", "in"],
  ["at", "in"],
  ["on", "on"],
  ["about", "on"],
]);

/** Words that ask for different things of the same subject. */
export const QUESTION_WORDS: ReadonlySet<string> = new Set(
  listed("how why when where who whom whose howmany howmuch howoften howlong"),
);

/** Verbs with which a yes-or-no question opens. */
export const OPENERS: ReadonlySet<string> = new Set(
  listed("am is are was were do does did have has had can could will would shall should may must"),
);

/** Words of one meaning: each stands for the first of its line. */
export const SYNONYMS: ReadonlyMap<string, string> = new Map(
  `
  remove delete erase
  change update modify edit
  create make
  write compose draft
  buy purchase
  choose select pick
  enable activate
  disable deactivate
  fast quick rapid speedy
  fastest quickest
  big large
  small little
  easy simple
  cheap inexpensive affordable
  benefit advantage
  drawback disadvantage downside
  recommend suggest
  colleague coworker
  photo picture image
  film movie
  car automobile
  phone telephone
  child kid children kids
  company firm
  need require required needed
  allow permit
  happen occur
  author wrote written
  store keep
  display show
  contact reach
  configure setup
  summarise summary summarization
  repair fix
  begin start
  maximum max
  minimum min
  info information
  repo repository
  database db
  photo photograph
  people person
  employee staff
  `
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [first = "", ...others] = listed(line);
      return others.map((other) => [other, first] as const);
    }),
);

const NUMBER_WORDS = listed(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
);
const TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety");

/** Numbers that are written as words. */
export const NUMBERS: ReadonlyMap<string, string> = new Map([
  ...NUMBER_WORDS.map((word, at) => [word, String(at)] as const),
  ...TENS.map((word, at) => [word, String((at + 2) * 10)] as const),
  ["hundred", "100"],
  ["thousand", "1000"],
  ["million", "1000000"],
  ["billion", "1000000000"],
  ["dozen", "12"],
  ["half", "1/2"],
  ["quarter", "1/4"],
  ["once", "1x"],
  ["twice", "2x"],
  ["first", "1st"],
  ["second", "2nd"],
  ["third", "3rd"],
  ["fourth", "4th"],
  ["fifth", "5th"],
]);

/** What a difference in one of these words is called. A word that is in none is a plain word. */
export const KINDS: ReadonlyMap<string, Guard> = new Map<string, Guard>(
  (
    [
      [
        "negation",
        "not no never without none nobody nothing neither nor lack except unless hardly non cannot",
      ],
      [
        "quantity",
        "all any some every each most few many several both either only least more less always sometimes often rarely everyone anyone everything anything one ones too enough",
      ],
      [
        "date",
        `today tomorrow yesterday tonight now january february march april may june july august
         september october november december jan feb mar apr jun jul aug sep sept oct nov dec monday
         tuesday wednesday thursday friday saturday sunday spring summer autumn fall winter morning
         noon afternoon evening night midnight week weekend month year century decade last next
         previous current ago am pm`,
      ],
      [
        "unit",
        `percent mm cm m km mile miles yard yards foot feet ft inch inches mg g kg gram grams kilogram
         ton tons tonne ounce ounces oz pound pounds lb lbs ml l liter liters litre litres gallon
         gallons pint pints cup cups ms s sec second seconds minute minutes hour hours day days kb mb
         gb tb kib mib gib bit bits byte bytes w kw mw watt watts v volt volts amp amps hz khz mhz ghz
         celsius fahrenheit kelvin degree degrees euro euros dollar dollars yen cent cents usd eur gbp
         meter meters metre metres kilometer kilometers kilometre kilometres square cubic mph kmh
         milligram milligrams microgram micrograms`,
      ],
      [
        "opposite",
        `up down out off over under above below inside outside before after against ahead behind left
         right open close enable disable increase decrease highest lowest lock unlock start stop
         maximum minimum add remove buy sell export import ascending descending cheapest expensive
         encrypt decrypt gain lose win loss oldest youngest positive negative show hide upgrade
         downgrade merge split best worst accept decline reject internal external parent child signin
         signout subscribe unsubscribe advantage disadvantage benefit drawback top bottom early late
         begin end push pull send receive import upload download install uninstall old new hot cold`,
      ],
    ] as const
  ).flatMap(([kind, words]) => listed(words).map((word) => [word, kind] as const)),
);
