import { hasLuhn, hasVerhoeff, isBirthday, weigh } from "./checksums.ts";
import type { IdForm } from "./national-ids.ts";

/** Numbers of people outside of Europe and the United States. */
export const WORLD_IDS: readonly IdForm[] = [
  {
    name: "Canada: social insurance number",
    shapes: ["d3 d3 d3", "d3-d3-d3", "d9"],
    words: /\bsin\b|social insurance|assurance sociale|\bnas\b/,
    holds: hasLuhn,
  },
  {
    name: "Mexico: CURP",
    shapes: ["l4d6l6d2", "l4d6l7d1"],
    anyCase: true,
    holds: (chars) =>
      /^[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d$/.test(chars) && yearFirst(chars.slice(4)),
  },
  {
    name: "Brazil: CPF",
    shapes: ["d3.d3.d3-d2"],
    holds: isBrazilian,
  },
  {
    name: "Brazil: CPF without signs",
    shapes: ["d11"],
    words: /\bcpf\b/,
    holds: isBrazilian,
  },
  {
    name: "Chile: RUT",
    shapes: ["d1.d3.d3-d1", "d2.d3.d3-d1", "d1.d3.d3-l1", "d2.d3.d3-l1"],
    holds: (chars) => {
      const digits = chars.slice(0, -1).padStart(8, "0");
      const check = 11 - (weigh(digits, [3, 2, 7, 6, 5, 4, 3, 2]) % 11);
      return "0123456789K0"[check === 11 ? 0 : check] === chars.at(-1);
    },
  },
  {
    name: "Australia: tax file number",
    shapes: ["d3 d3 d3", "d9"],
    words: /\btfn\b|tax file/,
    holds: (chars) => weigh(chars, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
  },
  {
    name: "India: Aadhaar",
    shapes: ["d4 d4 d4", "d4-d4-d4", "d12"],
    words: /aadha+r|adhar|uidai|आधार/,
    holds: (chars) => /^[2-9]/.test(chars) && hasVerhoeff(chars),
  },
  {
    name: "India: PAN",
    shapes: ["l5d4l1"],
    holds: (chars) => /^[A-Z]{3}[ABCFGHJLPT]/.test(chars),
  },
  {
    name: "Singapore: NRIC and FIN",
    shapes: ["l1d7l1"],
    holds: (chars) => {
      const offset = { S: 0, T: 4, F: 0, G: 4, M: 3 }[chars[0] ?? ""];
      const letters = { S: "JZIHGFEDCBA", T: "JZIHGFEDCBA", M: "KLJNPQRTUWX" }[chars[0] ?? ""];
      const sum = weigh(chars.slice(1), [2, 7, 6, 5, 4, 3, 2]) + (offset ?? 0);
      return offset !== undefined && (letters ?? "XWUTRQPNMLK")[sum % 11] === chars[8];
    },
  },
  {
    name: "South Korea: resident number",
    shapes: ["d6-d7"],
    holds: (chars) =>
      /^\d{6}[1-8]/.test(chars) &&
      yearFirst(chars) &&
      (11 - (weigh(chars, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === Number(chars[12]),
  },
  {
    name: "Japan: My Number",
    shapes: ["d12", "d4 d4 d4", "d4-d4-d4"],
    words: /my ?number|マイナンバー|個人番号/,
    holds: (chars) => {
      const rest = weigh(chars, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
      return (rest <= 1 ? 0 : 11 - rest) === Number(chars[11]);
    },
  },
  {
    name: "China: resident identity number",
    shapes: ["d18", "d17l1"],
    anyCase: true,
    holds: (chars) =>
      isBirthday({
        year: chars.slice(6, 10),
        month: chars.slice(10, 12),
        day: chars.slice(12, 14),
      }) &&
      "10X98765432"[weigh(chars, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] ===
        chars[17],
  },
  {
    name: "Taiwan: identity card",
    shapes: ["l1d9"],
    words: /身分證|身份证|identity card|national id/,
    holds: (chars) => {
      const letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".indexOf(chars[0] ?? "-") + 10;
      const sum = Math.floor(letter / 10) + (letter % 10) * 9;
      return (sum + weigh(chars.slice(1), [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 === 0;
    },
  },
  {
    name: "South Africa: identity number",
    shapes: ["d13", "d6 d4 d3", "d6 d4 d2 d1"],
    words: /\bid\b|identity|identiteit/,
    holds: (chars) => yearFirst(chars) && /^\d{10}[012]/.test(chars) && hasLuhn(chars),
  },
  {
    name: "Türkiye: identity number",
    shapes: ["d11"],
    words: /kimlik|tckn|\btc no/,
    holds: (chars) => {
      const odd = weigh(chars, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
      const even = weigh(chars, [0, 1, 0, 1, 0, 1, 0, 1]);
      const ten = (odd * 7 - even) % 10;
      return ten === Number(chars[9]) && (odd + even + Number(chars[9])) % 10 === Number(chars[10]);
    },
  },
];

function isBrazilian(chars: string): boolean {
  const first = (weigh(chars, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  const second = (weigh(chars, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10) % 11;
  return (
    !/^(\d)\1+$/.test(chars) && first % 10 === Number(chars[9]) && second % 10 === Number(chars[10])
  );
}

function yearFirst(chars: string): boolean {
  return isBirthday({ year: chars.slice(0, 2), month: chars.slice(2, 4), day: chars.slice(4, 6) });
}
