/** So many units before a number are read for words that say what it is. */
export const CONTEXT_LENGTH = 48;

const NAMES_A_THING =
  /(?:\b|_)(?:part|order|item|sku|model|invoice|ref|reference|ticket|serial|lot|batch|catalogue?|isbn|issn|ean|upc|version|build|release|tracking|shipment|po|rfc|bug|issue|commit|case|asin|product|article|artikel|bestellung|rechnung|teil|firmware|revision|rev|seq|offset|port|checksum|hash|sn|s\/n|p\/n)(?:[ _-]?(?:no|nr|num|number|nummer|id|code))?s?\.?["']?\s?(?:is|was)?[:=#(]*\s?["']?#?$/;

/** The words before an offset, in lower case. */
export function wordsBefore(text: string, start: number): string {
  return text.slice(Math.max(0, start - CONTEXT_LENGTH), start).toLowerCase();
}

/** Whether the words before an offset announce the number of a thing and not of a person. */
export function isNumberOfThing(text: string, start: number): boolean {
  return NAMES_A_THING.test(text.slice(Math.max(0, start - 28), start).toLowerCase());
}
