import { hasLuhn, hasMod11And10, isBirthday, remainder, weigh } from "./checksums.ts";
import type { IdForm } from "./national-ids.ts";

/** Numbers of people in Europe. Sources: the OECD's list of tax numbers, and each country's law. */
export const EUROPEAN_IDS: readonly IdForm[] = [
  {
    name: "United Kingdom: National Insurance number",
    shapes: ["l2d6l1", "l2 d2 d2 d2 l1", "l2-d2-d2-d2-l1", "l2 d6 l1"],
    holds: (chars) =>
      /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(chars),
  },
  {
    name: "United Kingdom: NHS number",
    shapes: ["d10", "d3 d3 d4", "d3-d3-d4"],
    words: /\bnhs\b|health service/,
    holds: (chars) =>
      11 - (weigh(chars, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) === (Number(chars[9]) || 11),
  },
  {
    name: "Germany: tax identification number",
    shapes: ["d11", "d2 d3 d3 d3"],
    words: /steuer|\bid-?nr|\btin\b|\btax\b/,
    holds: (chars) => chars[0] !== "0" && hasMod11And10(chars),
  },
  {
    name: "France: social security number",
    shapes: ["d15", "d13 d2", "d1 d2 d2 d2 d3 d3 d2", "d6l1d8", "d1 d2 d2 d1l1 d3 d3 d2"],
    holds: (chars) => isFrench(chars.replace("2A", "19").replace("2B", "18")),
  },
  {
    name: "Spain: DNI and NIE",
    shapes: ["d8l1", "d8-l1", "l1d7l1", "l1-d7-l1"],
    holds: (chars) => {
      const digits = chars.slice(0, 8).replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter)));
      return /^\d{8}$/.test(digits) && "TRWAGMYFPDXBNJZSQVHLCKE"[+digits % 23] === chars[8];
    },
  },
  { name: "Italy: codice fiscale", shapes: ["l6d2l1d2l1d3l1"], anyCase: true, holds: isItalian },
  {
    name: "Netherlands: BSN",
    shapes: ["d9", "d4.d2.d3"],
    words: /\bbsn\b|burgerservice|sofi/,
    holds: (chars) => (weigh(chars, [9, 8, 7, 6, 5, 4, 3, 2]) - Number(chars[8])) % 11 === 0,
  },
  {
    name: "Belgium: national number",
    shapes: ["d2.d2.d2-d3.d2", "d2.d2.d2 d3 d2"],
    holds: isBelgian,
  },
  {
    name: "Belgium: national number without signs",
    shapes: ["d11"],
    words: /rijksregister|registre national|national number|\bnrn\b|\bniss\b|\binsz\b/,
    holds: isBelgian,
  },
  {
    name: "Poland: PESEL",
    shapes: ["d11"],
    words: /pesel/,
    holds: (chars) => weigh(chars, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0,
  },
  {
    name: "Sweden: personnummer",
    shapes: ["d6-d4", "d8-d4"],
    holds: (chars) =>
      hasLuhn(chars.slice(-10)) &&
      isBirthday({
        year: chars.slice(0, -8),
        month: chars.slice(-8, -6),
        day: chars.slice(-6, -4),
      }),
  },
  {
    name: "Finland: henkilötunnus",
    shapes: ["d6-d3l1", "d6-d4", "d6l1d3l1", "d6l1d4"],
    holds: (chars) => {
      const plain = chars.replace(/^(\d{6})[A-FU-Y]/, "$1");
      const digits = plain.slice(0, 9);
      return (
        /^\d{9}$/.test(digits) &&
        dayFirst(digits) &&
        "0123456789ABCDEFHJKLMNPRSTUVWXY"[Number(digits) % 31] === plain[9]
      );
    },
  },
  {
    name: "Denmark: CPR number",
    shapes: ["d6-d4", "d10"],
    words: /\bcpr\b|personnummer/,
    holds: dayFirst,
  },
  { name: "Norway: fødselsnummer", shapes: ["d11", "d6 d5"], holds: isNorwegian },
  {
    name: "Switzerland: AHV number",
    shapes: ["d3.d4.d4.d2", "d13"],
    holds: (chars) =>
      chars.startsWith("756") && weigh(chars, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  },
  {
    name: "Austria: insurance number",
    shapes: ["d4 d6", "d10"],
    words: /sv-?n|sozialvers|versicherungsn/,
    holds: (chars) =>
      weigh(chars, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(chars[3]) &&
      dayFirst(chars.slice(4)),
  },
  {
    name: "Portugal: NIF",
    shapes: ["d9", "d3 d3 d3"],
    words: /\bnif\b|contribuinte/,
    holds: (chars) => {
      const check = 11 - (weigh(chars, [9, 8, 7, 6, 5, 4, 3, 2]) % 11);
      return (check > 9 ? 0 : check) === Number(chars[8]);
    },
  },
  {
    name: "Ireland: PPS number",
    shapes: ["d7l1", "d7l2"],
    words: /\bpps/,
    holds: (chars) => {
      const extra = chars.length > 8 ? 9 * (chars.charCodeAt(8) - 64) : 0;
      return (
        "WABCDEFGHIJKLMNOPQRSTUV"[(weigh(chars, [8, 7, 6, 5, 4, 3, 2]) + extra) % 23] === chars[7]
      );
    },
  },
  {
    name: "Czechia and Slovakia: birth number",
    shapes: ["d6/d4"],
    holds: (chars) =>
      Number(chars) % 11 === 0 &&
      isBirthday({
        year: chars.slice(0, 2),
        month: String((Number(chars.slice(2, 4)) % 50) % 20),
        day: chars.slice(4, 6),
      }),
  },
  {
    name: "Romania: CNP",
    shapes: ["d13"],
    words: /\bcnp\b|cod numeric/,
    holds: (chars) =>
      (weigh(chars, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11) % 10 === Number(chars[12]),
  },
  {
    name: "Croatia: OIB",
    shapes: ["d11"],
    words: /\boib\b/,
    holds: hasMod11And10,
  },
];

function isFrench(digits: string): boolean {
  const month = Number(digits.slice(3, 5));
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return (
    /^[12]\d{14}$/.test(digits) &&
    isMonth &&
    97 - remainder(digits.slice(0, 13), 97) === Number(digits.slice(13))
  );
}

/** What letters and digits at odd places count, from the Italian decree of 1976. */
const ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

function isItalian(chars: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const code = chars.charCodeAt(at);
    const value = code < 58 ? code - 48 : code - 65;
    sum += at % 2 === 0 ? (ODD[value] ?? 0) : value;
  }
  return "ABCDEHLMPRST".includes(chars[8] ?? "-") && chars.charCodeAt(15) - 65 === sum % 26;
}

function isBelgian(chars: string): boolean {
  const check = Number(chars.slice(9));
  const isCheck = (digits: string) => 97 - remainder(digits, 97) === check;
  return isCheck(chars.slice(0, 9)) || isCheck(`2${chars.slice(0, 9)}`);
}

function isNorwegian(chars: string): boolean {
  return (
    weigh(chars, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weigh(chars, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0 &&
    // A number for a stay adds 40 to the day.
    isBirthday({
      year: chars.slice(4, 6),
      month: chars.slice(2, 4),
      day: String(Number(chars.slice(0, 2)) % 40),
    })
  );
}

function dayFirst(chars: string): boolean {
  return isBirthday({ year: chars.slice(4, 6), month: chars.slice(2, 4), day: chars.slice(0, 2) });
}
