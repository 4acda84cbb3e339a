/** The same request in code, for whoever takes it from here. */
export function codeSamples(body: Record<string, unknown>, baseUrl: string) {
  return [
    { id: "python", label: "Python", code: python(body, baseUrl) },
    { id: "node", label: "Node", code: node(body, baseUrl) },
    { id: "curl", label: "curl", code: curl(body, baseUrl) },
  ];
}

function python(body: Record<string, unknown>, baseUrl: string): string {
  const args = Object.entries(body)
    .map(([name, value]) => `    ${name}=${pythonLiteral(value, 1)},`)
    .join("\n");
  return `import os

from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(baseUrl)}, api_key=os.environ["CONDUIT_API_KEY"])
answer = client.chat.completions.create(
${args}
)
print(answer.choices[0].message.content)
`;
}

/** JSON in Python's spelling: its strings are the same, its constants are not. */
function pythonLiteral(value: unknown, depth: number): string {
  const inside = "    ".repeat(depth + 1);
  const end = "    ".repeat(depth);
  if (Array.isArray(value)) {
    return value.length === 0
      ? "[]"
      : `[\n${value.map((item) => `${inside}${pythonLiteral(item, depth + 1)},\n`).join("")}${end}]`;
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(
      ([name, field]) => `${JSON.stringify(name)}: ${pythonLiteral(field, depth + 1)}`,
    );
    return `{${fields.join(", ")}}`;
  }
  if (typeof value === "boolean") {
    return value ? "True" : "False";
  }
  return value === null ? "None" : JSON.stringify(value);
}

function node(body: Record<string, unknown>, baseUrl: string): string {
  return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${JSON.stringify(baseUrl)}, apiKey: process.env.CONDUIT_API_KEY });
const answer = await client.chat.completions.create(${JSON.stringify(body, undefined, 2)});
console.log(answer.choices[0].message.content);
`;
}

function curl(body: Record<string, unknown>, baseUrl: string): string {
  return `curl '${baseUrl}/chat/completions' \\
  -H "Authorization: Bearer $CONDUIT_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '${JSON.stringify(body, undefined, 2).replaceAll("'", `'\\''`)}'
`;
}
