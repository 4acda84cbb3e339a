/** The check sums that numbers of people carry. Each takes plain digits, check digit included. */

/** ISO/IEC 7812 annex B: payment cards, and many numbers of people. */
export function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, double = false; at >= 0; at -= 1, double = !double) {
    const digit = digits.charCodeAt(at) - 48;
    const weighed = double ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** The remainder of a number of any length. */
export function remainder(digits: string, divisor: number): number {
  let rest = 0;
  for (let at = 0; at < digits.length; at += 1) {
    rest = (rest * 10 + digits.charCodeAt(at) - 48) % divisor;
  }
  return rest;
}

/** The sum of the first digits, each times its weight. */
export function weigh(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0);
}

/** ISO 13616 (IBAN): letters count from 10, the first four characters go to the end. */
export function hasIbanCheck(iban: string): boolean {
  const turned = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (let at = 0; at < turned.length; at += 1) {
    const code = turned.charCodeAt(at);
    rest = code < 58 ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97;
  }
  return rest === 1;
}

/** ISO 7064 MOD 11,10: German and Croatian tax numbers. */
export function hasMod11And10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at += 1) {
    const sum = (digits.charCodeAt(at) - 48 + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits.at(-1));
}

const DIHEDRAL = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
];
const PERMUTATION = [
  "0123456789",
  "1576283094",
  "5803796142",
  "8916043527",
  "9453126870",
  "4286573901",
  "2793806415",
  "7046913258",
];

/** Verhoeff's check over the dihedral group of ten: Aadhaar. */
export function hasVerhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    check = Number(DIHEDRAL[check]?.[Number(PERMUTATION[at % 8]?.[digit])]);
  }
  return check === 0;
}

/** Whether year, month and day can be a birthday. The year may have two digits. */
export function isBirthday({ year, month, day }: Birthday): boolean {
  const known = year.length === 2 || (Number(year) >= 1900 && Number(year) <= 2099);
  const inMonth = Number(month) === 2 ? 29 : 31;
  return known && Number(month) >= 1 && Number(month) <= 12 && +day >= 1 && +day <= inMonth;
}

interface Birthday {
  year: string;
  month: string;
  day: string;
}
