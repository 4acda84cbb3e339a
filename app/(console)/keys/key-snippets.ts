/** First requests in four languages, for a key and a model of its own. */
export interface SnippetFacts {
  /** With `/v1` at its end. */
  baseUrl: string;
  model: string;
  /** Written into the code; null reads CONDUIT_API_KEY from the environment. */
  secret: string | null;
}

export interface KeySample {
  id: string;
  label: string;
  code: string;
}

export function samplesOf(facts: SnippetFacts): KeySample[] {
  return [
    { id: "python", label: "Python", code: pythonOf(facts) },
    { id: "node", label: "Node", code: nodeOf(facts) },
    { id: "curl", label: "curl", code: curlOf(facts) },
    { id: "env", label: ".env", code: envOf(facts) },
  ];
}

function pythonOf({ baseUrl, model, secret }: SnippetFacts): string {
  const key = secret === null ? 'os.environ["CONDUIT_API_KEY"]' : JSON.stringify(secret);
  return `${secret === null ? "import os\n\n" : ""}from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(baseUrl)}, api_key=${key})
answer = client.chat.completions.create(
    model=${JSON.stringify(model)},
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.choices[0].message.content)
`;
}

function nodeOf({ baseUrl, model, secret }: SnippetFacts): string {
  const key = secret === null ? "process.env.CONDUIT_API_KEY" : JSON.stringify(secret);
  return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${JSON.stringify(baseUrl)}, apiKey: ${key} });
const answer = await client.chat.completions.create({
  model: ${JSON.stringify(model)},
  messages: [{ role: "user", content: "Say hello." }],
});
console.log(answer.choices[0].message.content);
`;
}

function curlOf({ baseUrl, model, secret }: SnippetFacts): string {
  const body = JSON.stringify({
    model,
    messages: [{ role: "user", content: "Say hello." }],
  });
  return `curl ${quoted(`${baseUrl}/chat/completions`)} \\
  -H "Authorization: Bearer ${secret ?? "$CONDUIT_API_KEY"}" \\
  -H "Content-Type: application/json" \\
  -d ${quoted(body)}
`;
}

function envOf({ baseUrl, secret }: SnippetFacts): string {
  return `CONDUIT_API_KEY=${secret ?? "your-key"}
OPENAI_BASE_URL=${baseUrl}
`;
}

/** In single quotes of a shell, in which nothing has a meaning but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
