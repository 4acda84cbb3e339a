import { makeRandom, type Random } from "./random.ts";
import { parseMarked, type SpanCase } from "./spans.ts";
import type { Split } from "./suite.ts";

const EACH = 24;

type Maker = (random: Random, split: Split) => string;

/** Sentences around a value; `{}` is where it stands. */
const SENTENCES: Readonly<Record<Split, readonly string[]>> = {
  dev: [
    "Please update the record: {}.",
    "Customer wrote: {} and asked for a call back.",
    '{"value":"{}","active":true}',
    "- {}\n- second line of the list",
    "Is {} still right?",
    "The form says {}; the rest is empty.",
  ],
  test: [
    "I moved last month, use {} from now on.",
    "name,value\nlead,{}\n",
    "Translate this into French: my details are {}, thank you",
    "<field>{}</field>",
    "Why was ({}) rejected?",
    "note to self: {}",
  ],
};

const FIRST = [
  "anna",
  "bilal",
  "chen",
  "dolores",
  "emeka",
  "fatima",
  "goran",
  "hanne",
  "ines",
  "jun",
];
const LAST = [
  "okafor",
  "lindqvist",
  "moreau",
  "tanaka",
  "silva",
  "novak",
  "oconnor",
  "weiss",
  "haddad",
];
const HOSTS = [
  "example.com",
  "mail.example.org",
  "post.example.co.uk",
  "uni.example.edu",
  "example.io",
];

const email: Maker = (random, split) => {
  const [first, last, host] = [random.pick(FIRST), random.pick(LAST), random.pick(HOSTS)];
  const forms =
    split === "dev"
      ? [`${first}.${last}@${host}`, `${first}@${host}`, `${first}+${random.digits(2)}@${host}`]
      : [
          `${first[0]}_${last}@${host}`,
          `${last}-${first}@${host}`,
          `${first}${random.digits(3)}@${host.toUpperCase()}`,
        ];
  return random.pick(forms);
};

/** The digit that makes Luhn's sum a multiple of ten. */
function luhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

const CARDS: Readonly<Record<Split, readonly { first: string; length: number }[]>> = {
  dev: [
    { first: "4", length: 16 },
    { first: "53", length: 16 },
    { first: "37", length: 15 },
  ],
  test: [
    { first: "2221", length: 16 },
    { first: "34", length: 15 },
    { first: "6011", length: 16 },
    { first: "3530", length: 16 },
    { first: "36", length: 14 },
  ],
};

const card: Maker = (random, split) => {
  const { first, length } = random.pick(CARDS[split]);
  const body = first + random.digits(length - first.length - 1);
  const digits = body + luhnDigit(body);
  const by = random.pick(split === "dev" ? ["", " "] : ["", "-", " "]);
  const sizes = length === 16 ? [4, 4, 4, 4] : [4, 6, length - 10];
  const starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
  return starts.map((start, at) => digits.slice(start, start + (sizes[at] ?? 0))).join(by);
};

const ACCOUNTS: Readonly<
  Record<Split, readonly (readonly [string, (random: Random) => string])[]>
> = {
  dev: [
    ["DE", (r) => r.digits(18)],
    ["FR", (r) => r.digits(23)],
    ["GB", (r) => `NWBK${r.digits(14)}`],
  ],
  test: [
    ["NL", (r) => `ABNA${r.digits(10)}`],
    ["ES", (r) => r.digits(20)],
    ["PL", (r) => r.digits(24)],
    ["CH", (r) => r.digits(17)],
    ["IT", (r) => `X${r.digits(22)}`],
  ],
};

const iban: Maker = (random, split) => {
  const [country, make] = random.pick(ACCOUNTS[split]);
  const account = make(random);
  const numbers = [...`${account}${country}00`].map((unit) => Number.parseInt(unit, 36)).join("");
  const check = String(98n - (BigInt(numbers) % 97n)).padStart(2, "0");
  const written = `${country}${check}${account}`;
  return random.below(2) === 0 ? written : (written.match(/.{1,4}/g) ?? []).join(" ");
};

const PHONES: Readonly<Record<Split, readonly ((random: Random) => string)[]>> = {
  dev: [
    (r) => `+1 ${r.pick(["212", "415", "312"])} ${200 + r.below(700)} ${r.digits(4)}`,
    (r) => `(${r.pick(["617", "206", "503"])}) ${200 + r.below(700)}-${r.digits(4)}`,
    (r) => `+49 30 ${10 + r.below(80)}${r.digits(5)}`,
    (r) => `+33 6 ${10 + r.below(20)} ${r.digits(2)} ${r.digits(2)} ${r.digits(2)}`,
  ],
  test: [
    (r) => `+44 20 7${r.digits(3)} ${r.digits(4)}`,
    (r) => `${r.pick(["646", "213", "713"])}-${200 + r.below(700)}-${r.digits(4)}`,
    (r) => `+34 6${r.digits(2)} ${r.digits(3)} ${r.digits(3)}`,
    (r) => `06 ${10 + r.below(20)} ${r.digits(2)} ${r.digits(2)} ${r.digits(2)}`,
    (r) => `+91 98${r.digits(3)} ${r.digits(5)}`,
  ],
};

const phone: Maker = (random, split) => random.pick(PHONES[split])(random);

const ssn: Maker = (random, split) => {
  const parts = [
    String(101 + random.below(500)),
    String(10 + random.below(89)),
    String(1000 + random.below(8999)),
  ];
  return split === "test" && random.below(3) === 0 ? `${parts.join("")}` : parts.join("-");
};

const address: Maker = (random, split) => {
  const octet = () => 1 + random.below(253);
  return split === "test" && random.below(3) === 0
    ? `2001:db8:${random.string("0123456789abcdef", 4)}::${random.string("123456789abcdef", 3)}`
    : `${random.pick([31, 62, 84, 93, 145, 178, 203])}.${octet()}.${octet()}.${octet()}`;
};

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
const IDS: Readonly<Record<Split, readonly ((random: Random) => string)[]>> = {
  dev: [
    (r) => {
      const number = r.below(99_999_999);
      return `${String(number).padStart(8, "0")}${SPANISH[number % 23]}`;
    },
    (r) =>
      `${r.pick(["AB", "CE", "JT", "WM"])} ${r.digits(2)} ${r.digits(2)} ${r.digits(2)} ${r.pick(["A", "B", "C", "D"])}`,
  ],
  test: [
    (r) => brazilian(r.digits(9)),
    (r) => {
      const body = `${60 + r.below(39)}0${1 + r.below(9)}1${r.below(9)}${r.digits(3)}`;
      return `${body.slice(0, 6)}-${body.slice(6)}${luhnDigit(body)}`;
    },
    (r) => {
      const body = `756${r.digits(9)}`;
      const sum = [...body].reduce(
        (total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3),
        0,
      );
      const all = `${body}${(10 - (sum % 10)) % 10}`;
      return `${all.slice(0, 3)}.${all.slice(3, 7)}.${all.slice(7, 11)}.${all.slice(11)}`;
    },
  ],
};

function brazilian(nine: string): string {
  const check = (digits: string) => {
    const sum = [...digits].reduce(
      (total, digit, at) => total + Number(digit) * (digits.length + 1 - at),
      0,
    );
    return ((sum * 10) % 11) % 10;
  };
  const ten = `${nine}${check(nine)}`;
  const all = `${ten}${check(ten)}`;
  return `${all.slice(0, 3)}.${all.slice(3, 6)}.${all.slice(6, 9)}-${all.slice(9)}`;
}

const nationalId: Maker = (random, split) => random.pick(IDS[split])(random);

const MAKERS: Readonly<Record<string, Maker>> = {
  email,
  payment_card: card,
  iban,
  phone,
  ssn,
  ip_address: address,
  national_id: nationalId,
};

/** Numbers of which the form alone says little are announced, as people do. */
function announce(kind: string, value: string): string {
  return kind === "ssn" && /^\d+$/.test(value) ? `SSN [[ssn:${value}]]` : `[[${kind}:${value}]]`;
}

/** The generated cases, the same in every run. */
export function generatePersonalData(): SpanCase[] {
  const random = makeRandom(20_261_122);
  return Object.entries(MAKERS).flatMap(([kind, make]) =>
    (["dev", "test"] as const).flatMap((split) =>
      Array.from({ length: EACH }, () => {
        const sentence = random.pick(SENTENCES[split]);
        return parseMarked(split, sentence.replace("{}", announce(kind, make(random, split))));
      }),
    ),
  );
}
