/** A first request with the common clients; the key is read from the environment. */
export function firstRequestSamples(facts: {
  baseUrl: string;
  model: string;
}): { id: string; label: string; code: string }[] {
  const url = JSON.stringify(facts.baseUrl);
  const model = JSON.stringify(facts.model);
  return [
    {
      id: "curl",
      label: "curl",
      code: `curl ${facts.baseUrl}/chat/completions \\
  -H "Authorization: Bearer $CONDUIT_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": ${model}, "messages": [{"role": "user", "content": "Say hello."}]}'
`,
    },
    {
      id: "python",
      label: "Python",
      code: `import os

from openai import OpenAI

client = OpenAI(base_url=${url}, api_key=os.environ["CONDUIT_API_KEY"])
answer = client.chat.completions.create(
    model=${model},
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.choices[0].message.content)
`,
    },
    {
      id: "node",
      label: "Node",
      code: `import OpenAI from "openai";

const client = new OpenAI({ baseURL: ${url}, apiKey: process.env.CONDUIT_API_KEY });
const answer = await client.chat.completions.create({
  model: ${model},
  messages: [{ role: "user", content: "Say hello." }],
});
console.log(answer.choices[0].message.content);
`,
    },
  ];
}
