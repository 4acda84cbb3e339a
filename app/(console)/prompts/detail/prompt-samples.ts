import type { PromptVersionInfo } from "#lib/contract/prompt.ts";

interface Sampled {
  name: string;
  version: PromptVersionInfo;
  /** Ends in `/v1`. */
  baseUrl: string;
}

const EXAMPLES = { string: "…", number: 1, boolean: true } as const;

/** A request for a version, as an app would send it. */
export function promptSamples({ name, version, baseUrl }: Sampled) {
  const reference = referenceOf(name, version);
  const model = version.model_hint ?? "a-model";
  return [
    { id: "python", label: "Python", code: python(reference, { model, baseUrl }) },
    { id: "node", label: "Node", code: node(reference, { model, baseUrl }) },
    { id: "curl", label: "curl", code: curl(reference, { version, model, baseUrl }) },
  ];
}

type Reference = Record<string, unknown>;

function referenceOf(name: string, { version, labels, variables }: PromptVersionInfo): Reference {
  const label = labels[0];
  const choice = labels.includes("production") ? {} : label === undefined ? { version } : { label };
  const values = variables.map((each) => [each.name, each.default ?? EXAMPLES[each.type]] as const);
  return { name, ...choice, variables: Object.fromEntries(values) };
}

interface Asked {
  model: string;
  baseUrl: string;
}

/** The SDK insists on a list of messages; an empty one leaves them to the prompt. */
function python(reference: Reference, { model, baseUrl }: Asked): string {
  const literal = JSON.stringify(reference, undefined, 4)
    .replace(/^(\s*"[^"]*": )(true|false)(,?)$/gm, (_, before, value, comma) =>
      [before, value === "true" ? "True" : "False", comma].join(""),
    )
    .replaceAll("\n", "\n    ");
  return `import os

from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(baseUrl)}, api_key=os.environ["CONDUIT_API_KEY"])
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[],
    extra_body={"conduit_prompt": ${literal}},
)
print(answer.choices[0].message.content)
`;
}

function node(reference: Reference, { model, baseUrl }: Asked): string {
  const body = { model, messages: [], conduit_prompt: reference };
  return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${JSON.stringify(baseUrl)}, apiKey: process.env.CONDUIT_API_KEY });
const answer = await client.chat.completions.create(${JSON.stringify(body, undefined, 2)});
console.log(answer.choices[0].message.content);
`;
}

function curl(
  reference: Reference,
  { version, model, baseUrl }: Asked & { version: PromptVersionInfo },
): string {
  const named = version.model_hint === null ? { model } : {};
  const body = JSON.stringify({ ...named, conduit_prompt: reference }, undefined, 2);
  return `curl '${baseUrl}/chat/completions' \\
  -H "Authorization: Bearer $CONDUIT_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${body.replaceAll("'", `'\\''`)}'
`;
}
