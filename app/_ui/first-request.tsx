"use client";

import { EmptyState } from "./empty-state.tsx";
import { Snippet } from "./snippet.tsx";
import { useOrigin } from "./use-origin.ts";

export interface FirstRequestProps {
  /** "No requests yet."; without it only the code is shown. */
  title?: string;
  /** The first name that may be asked for; `null` when there is none. */
  model: string | null;
  /** How the install is reached, without `/v1`; `null` is where this page came from. */
  baseUrl: string | null;
  children?: string;
}

/** Where nothing has happened yet: what to send so that something does. */
export function FirstRequest({ title, model, baseUrl, children }: FirstRequestProps) {
  const origin = useOrigin() ?? "";
  const url = `${baseUrl ?? origin}/v1`;
  return (
    <div className="flex flex-col gap-4">
      {title === undefined ? null : <EmptyState title={title}>{children}</EmptyState>}
      {model === null ? null : <Snippet samples={samplesOf(url, model)} />}
    </div>
  );
}

function samplesOf(url: string, model: string) {
  const message = '{"role": "user", "content": "Say hello."}';
  return [
    {
      id: "python",
      label: "Python",
      code: `# export CONDUIT_API_KEY="<your key>"\nimport os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url="${url}", api_key=os.environ["CONDUIT_API_KEY"])\nanswer = client.chat.completions.create(\n    model="${model}",\n    messages=[${message}],\n)\nprint(answer.choices[0].message.content)\n`,
    },
    {
      id: "curl",
      label: "curl",
      code: `export CONDUIT_API_KEY="<your key>"\ncurl ${url}/chat/completions \\\n  -H "Authorization: Bearer $CONDUIT_API_KEY" \\\n  -H "Content-Type: application/json" \\\n  -d '{"model": "${model}", "messages": [${message}]}'\n`,
    },
  ];
}
