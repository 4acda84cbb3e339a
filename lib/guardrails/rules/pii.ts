import type { CountryCode } from "libphonenumber-js/max";
import { getCountries } from "libphonenumber-js/max";
import { z } from "zod";
import { defineRule } from "../define-rule.ts";
import { CONTEXT_LENGTH } from "./pii/context.ts";
import { EMAIL_WINDOW, findEmails } from "./pii/email.ts";
import { findIbans, IBAN_WINDOW } from "./pii/iban.ts";
import { findIpv6, IPV6_WINDOW, ipv4 } from "./pii/ip-address.ts";
import { nationalIds, socialSecurity } from "./pii/national-ids.ts";
import { findNumbers, makeNumberTable, type NumberForm } from "./pii/numbers.ts";
import { paymentCard } from "./pii/payment-card.ts";
import { findPhones, PHONE_WINDOW } from "./pii/phone.ts";
import { withPlainDigits } from "./pii/plain-text.ts";
import { findingOf, type Span, withoutOverlaps } from "./spans.ts";

const PII_KINDS = [
  "email",
  "phone",
  "payment_card",
  "iban",
  "ssn",
  "national_id",
  "ip_address",
] as const;
type PiiKind = (typeof PII_KINDS)[number];

// The library's list has the type of its members.
const REGIONS = getCountries() as [CountryCode, ...CountryCode[]];

const config = z.strictObject({
  kinds: z
    .array(z.enum(PII_KINDS))
    .min(1)
    .default([...PII_KINDS])
    .meta({
      title: "Kinds",
      description:
        "Names and street addresses need a Presidio rule; they cannot be told by form. IP addresses of single digits, as 1.2.3.4, are taken for version numbers.",
    }),
  phone_regions: z.array(z.enum(REGIONS)).max(12).default(["US", "GB"]).meta({
    title: "Countries of phone numbers",
    description:
      "Numbers with + are found for every country. National ones are found for these, as ISO codes.",
  }),
  private_addresses: z.boolean().default(false).meta({
    title: "Private IP addresses too",
    description: "Addresses as 10.0.0.7 are used in every network and say nothing of a person.",
  }),
});
type PiiConfig = z.infer<typeof config>;

/** The longest form of a number of people, with its separators and the words before it. */
const NUMBER_WINDOW = 30 + CONTEXT_LENGTH;

const WINDOWS: Readonly<Record<PiiKind, number>> = {
  email: EMAIL_WINDOW,
  phone: PHONE_WINDOW,
  payment_card: NUMBER_WINDOW,
  iban: IBAN_WINDOW,
  ssn: NUMBER_WINDOW,
  national_id: NUMBER_WINDOW,
  ip_address: Math.max(NUMBER_WINDOW, IPV6_WINDOW),
};

/** Personal data that its form gives away. */
export const pii = defineRule({
  type: "pii",
  label: "Personal data",
  description:
    "Finds email addresses, phone numbers, payment cards, IBANs, national ids and IP addresses.",
  config,
  stages: ["pre", "during", "post"],
  actions: ["block", "redact", "mask", "warn", "log"],
  compile: (options) => {
    const finders = findersOf(options);
    return {
      kind: "local",
      window: Math.max(...options.kinds.map((kind) => WINDOWS[kind])),
      check: (texts) => findingOf(texts, (text) => findAll(text, finders)),
    };
  },
});

type Finder = (text: string) => Span[];

/** The weightier kinds first: where two claim the same text, the first has it. */
function findersOf({ kinds, phone_regions, private_addresses }: PiiConfig): Finder[] {
  const wants = new Set<PiiKind>(kinds);
  const address = { private: private_addresses };
  const forms: NumberForm[] = [
    ...(wants.has("payment_card") ? [paymentCard] : []),
    ...(wants.has("ssn") ? socialSecurity : []),
    ...(wants.has("national_id") ? nationalIds : []),
    ...(wants.has("ip_address") ? [ipv4(address)] : []),
  ];
  const table = makeNumberTable(forms);
  return [
    ...(wants.has("email") ? [findEmails] : []),
    ...(wants.has("iban") ? [findIbans] : []),
    ...(forms.length > 0 ? [(text: string) => findNumbers(text, table)] : []),
    ...(wants.has("ip_address") ? [findIpv6(address)] : []),
    ...(wants.has("phone") ? [findPhones(phone_regions)] : []),
  ];
}

function findAll(text: string, finders: readonly Finder[]): Span[] {
  const plain = withPlainDigits(text);
  return withoutOverlaps(finders.flatMap((find) => find(plain)));
}
