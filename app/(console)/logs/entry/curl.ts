const PATHS: Readonly<Record<string, string>> = {
  chat: "/chat/completions",
  embeddings: "/embeddings",
  moderations: "/moderations",
};

/** A shell command that sends a request again. The key is read from the environment. */
export function curlOf(request: { origin: string; endpoint: string; body: string }): string {
  const path = PATHS[request.endpoint] ?? `/${request.endpoint}`;
  return `curl ${quoted(`${request.origin}${path}`)} \\
  -H "Authorization: Bearer $CONDUIT_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d ${quoted(request.body)}
`;
}

/** In single quotes of a shell nothing has a meaning but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
