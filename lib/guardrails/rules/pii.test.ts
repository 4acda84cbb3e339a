import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foundIn, localCheck } from "#lib/testing/rule-check.ts";

const everything = localCheck("pii", { phone_regions: ["US", "GB", "DE", "FR"] });
const find = (text: string) => foundIn(everything, text);

describe("personal data is found in the ways in which people write it", () => {
  it.each([
    ["Mail anna.lee+x@example.co.uk today.", "email: anna.lee+x@example.co.uk"],
    ["reach me: anna [at] example [dot] org", "email: anna [at] example [dot] org"],
    ["My card is 4111 1111 1111 1111.", "payment_card: 4111 1111 1111 1111"],
    ["amex:3782-822463-10005", "payment_card: 3782-822463-10005"],
    ['{"pan":"5555555555554444"}', "payment_card: 5555555555554444"],
    ["IBAN DE89 3704 0044 0532 0130 00, thanks", "iban: DE89 3704 0044 0532 0130 00"],
    ["gb29nwbk60161331926819", "iban: gb29nwbk60161331926819"],
    ["SSN 536-22-1234", "ssn: 536-22-1234"],
    ["ssn is 536221234", "ssn: 536221234"],
    ["Call +49 30 901820", "phone: +49 30 901820"],
    ["London: +44 (0)20 7946 0958", "phone: +44 (0)20 7946 0958"],
    ["(212) 555-0143 or later", "phone: (212) 555-0143"],
    ["my mobile is 2125550143", "phone: 2125550143"],
    ["06 12 34 56 78", "phone: 06 12 34 56 78"],
    ["The visitor came from 203.0.113.77.", "ip_address: 203.0.113.77"],
    ["[2001:db8:85a3::8a2e:370:7334]:443", "ip_address: 2001:db8:85a3::8a2e:370:7334"],
    ["４１１１ １１１１ １１１１ １１１１", "payment_card: ４１１１ １１１１ １１１１ １１１１"],
    ["4111\u00a01111\u00a01111\u00a01111", "payment_card: 4111\u00a01111\u00a01111\u00a01111"],
  ])("%s", (text, found) => {
    expect(find(text)).toEqual([found]);
  });

  it.each([
    ["United Kingdom", "NINO AB 12 34 56 C", "AB 12 34 56 C"],
    ["United Kingdom, health", "NHS number 943 476 5919", "943 476 5919"],
    ["Germany", "Steuer-ID 86095742719", "86095742719"],
    ["France", "1 84 12 76 451 089 46", "1 84 12 76 451 089 46"],
    ["Spain", "DNI 12345678Z", "12345678Z"],
    ["Spain, foreigners", "X1234567L", "X1234567L"],
    ["Italy", "RSSMRA85T10A562S", "RSSMRA85T10A562S"],
    ["Netherlands", "BSN 111222333", "111222333"],
    ["Belgium", "85.07.30-033.28", "85.07.30-033.28"],
    ["Poland", "PESEL 44051401359", "44051401359"],
    ["Sweden", "811218-9876", "811218-9876"],
    ["Finland", "131052-308T", "131052-308T"],
    ["Norway", "01010750160", "01010750160"],
    ["Switzerland", "756.9217.0769.85", "756.9217.0769.85"],
    ["Ireland", "PPS number 1234567T", "1234567T"],
    ["Czechia", "736028/5163", "736028/5163"],
    ["Canada", "SIN 046 454 286", "046 454 286"],
    ["Brazil", "111.444.777-35", "111.444.777-35"],
    ["Chile", "12.345.678-5", "12.345.678-5"],
    ["Australia", "TFN 123 456 782", "123 456 782"],
    ["India", "Aadhaar 2345 6789 0124", "2345 6789 0124"],
    ["India, tax", "ABCPD1234E", "ABCPD1234E"],
    ["Singapore", "S1234567D", "S1234567D"],
    ["China", "11010519491231002X", "11010519491231002X"],
  ])("a national id of %s", (_country, text, id) => {
    expect(find(text)).toEqual([`national_id: ${id}`]);
  });
});

describe("what only looks like personal data is left alone", () => {
  it.each([
    "550e8400-e29b-41d4-a716-446655440000",
    "order 4111111111111111",
    "part no. 536-22-1234",
    "2026-11-22T19:16:37.123Z, 1700000000000, 20261122190300",
    "v1.22.33.44, version 10.22.33.44, section 1.2.3.4",
    "127.0.0.1, 0.0.0.0, 192.168.1.1, 255.255.255.0",
    "git@github.com:acme/repository.git",
    "https://user:secret@host.example.com/path",
    "react@18.2.0 and icon@2x.png",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "3.14159265358979323846 and 1,234,567,890 and 100 200 300",
    "4111 1111 1111 1112",
    "DE00 3704 0044 0532 0130 00",
    "std::vector<int> a::b 12:30:45",
    "2020 2021 2022 2023",
    "000-12-3456 and 666-12-3456",
  ])("%s", (text) => {
    expect(find(text)).toEqual([]);
  });
});

describe("settings", () => {
  it("only the kinds that are asked for are found", () => {
    const cards = localCheck("pii", { kinds: ["payment_card"] });
    expect(foundIn(cards, "anna@example.com 4111 1111 1111 1111")).toEqual([
      "payment_card: 4111 1111 1111 1111",
    ]);
  });

  it("private addresses are found on request", () => {
    const addresses = localCheck("pii", { kinds: ["ip_address"], private_addresses: true });
    expect(foundIn(addresses, "from 10.0.0.7 and fd12:3456:789a::1")).toEqual([
      "ip_address: 10.0.0.7",
      "ip_address: fd12:3456:789a::1",
    ]);
  });

  it("national numbers are found for the countries that are named", () => {
    const french = localCheck("pii", { kinds: ["phone"], phone_regions: ["FR"] });
    expect(foundIn(french, "01 42 68 53 00")).toHaveLength(1);
    expect(foundIn(french, "(212) 555-0143")).toEqual([]);
  });
});

it("a match is never longer than the window that a stream holds back", () => {
  const long = `${"a".repeat(64)}@${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}.com`;
  expect(find(long)).toEqual([`email: ${long}`]);
  expect(long.length).toBeLessThanOrEqual(everything.window);
});

it("what was found does not depend on the words around it, and matches never overlap", () => {
  const data = [
    "anna@example.com",
    "4111 1111 1111 1111",
    "DE89370400440532013000",
    "+49 30 901820",
  ];
  const words = ["and", "or maybe", "(see below)", "line\nbreak", "日本語", "—", "😀"];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...data), fc.constantFrom(...words)), { minLength: 1 }),
      (pairs) => {
        const text = pairs.map(([value, word]) => `${value} ${word} `).join("");
        expect(find(text).map((found) => found.slice(found.indexOf(": ") + 2))).toEqual(
          pairs.map(([value]) => value),
        );
      },
    ),
  );
});

it("any text at all is read without an error, and the spans lie in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
      for (const found of find(text)) {
        expect(text).toContain(found.slice(found.indexOf(": ") + 2));
      }
    }),
  );
});
