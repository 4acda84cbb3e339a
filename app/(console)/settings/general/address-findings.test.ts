import { expect, test } from "vitest";
import { type AddressFacts, addressFindings } from "./address-findings.ts";

const FINE: AddressFacts = {
  origin: "https://llm.example.com",
  host: "llm.example.com",
  forwardedHost: null,
  forwardedProto: "https",
  publicUrl: "https://llm.example.com",
};

test("an address that everybody agrees on has no findings", () => {
  expect(addressFindings(FINE)).toEqual([]);
  expect(addressFindings({ ...FINE, publicUrl: null, forwardedProto: null })).toEqual([]);
  expect(addressFindings({ ...FINE, host: "10.0.0.7:8000" })).toEqual([]);
});

test.each([
  [{ host: "10.0.0.7:8000", publicUrl: null }, "Let the proxy pass the Host header on"],
  [{ forwardedHost: "other.example.com" }, "X-Forwarded-Host is other.example.com"],
  [{ forwardedProto: "http" }, "X-Forwarded-Proto is http"],
  [{ publicUrl: "https://gateway.example.com/llm" }, "The public address is on gateway.example"],
])("what does not fit is named: %j", (change, text) => {
  expect(addressFindings({ ...FINE, ...change })).toEqual([expect.stringContaining(text)]);
});
