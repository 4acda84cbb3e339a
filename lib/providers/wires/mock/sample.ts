import { isRecord } from "#lib/providers/codec/tool-arguments.ts";

type Schema = Record<string, unknown>;

const MAX_DEPTH = 16;

/**
 * A value that a JSON Schema describes, as small as it may be: constants, enums, defaults, required
 * properties, one of several alternatives. It serves the schemas that tools and structured outputs
 * are written in; what it does not know becomes an empty string.
 */
export function sampleOf(schema: unknown, text: string): unknown {
  return sampleAt(schema, { root: isRecord(schema) ? schema : {}, text, depth: 0 });
}

interface Place {
  root: Schema;
  /** What strings say. */
  text: string;
  depth: number;
}

function sampleAt(given: unknown, place: Place): unknown {
  const schema = resolved(given, place.root);
  if (!isRecord(schema) || place.depth > MAX_DEPTH) {
    return place.text;
  }
  const deeper = { ...place, depth: place.depth + 1 };
  const fixed = fixedValue(schema);
  if (fixed !== undefined) {
    return fixed;
  }
  const [alternative] = listOf(schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"]);
  if (alternative !== undefined) {
    return sampleAt(alternative, deeper);
  }
  switch (typeOf(schema)) {
    case "object":
      return sampleObject(schema, deeper);
    case "array":
      return listOf(schema["minItems"] === undefined ? [] : [schema["items"]]).map((item) =>
        sampleAt(item, deeper),
      );
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 0;
    case "boolean":
      return false;
    case "null":
      return null;
    default:
      return place.text;
  }
}

function fixedValue(schema: Schema): unknown {
  return schema["const"] ?? listOf(schema["enum"])[0] ?? schema["default"];
}

function typeOf(schema: Schema): unknown {
  const type = schema["type"];
  if (Array.isArray(type)) {
    return type[0];
  }
  return type ?? (isRecord(schema["properties"]) ? "object" : undefined);
}

function sampleObject(schema: Schema, place: Place): Record<string, unknown> {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = listOf(schema["required"]).map(String);
  return Object.fromEntries(required.map((name) => [name, sampleAt(properties[name], place)]));
}

function resolved(schema: unknown, root: Schema): unknown {
  const reference = isRecord(schema) ? schema["$ref"] : undefined;
  if (typeof reference !== "string" || !reference.startsWith("#/")) {
    return schema;
  }
  let found: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    found = isRecord(found) ? found[step.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  }
  return found;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
