/** One message of a conversation, or the answer to it. */
export interface Turn {
  role: string;
  text: string;
  isAnswer: boolean;
}

/** The messages of a request and its answer, from JSON that may be cut off or of any shape. */
export function conversationOf(request: string, answer: string | null): Turn[] {
  const asked = listOf(field(parse(request), "messages")).map((message) =>
    turnOf(message, { isAnswer: false }),
  );
  const choices = answer === null ? [] : listOf(field(parse(answer), "choices"));
  const answers = choices.map((choice) => turnOf(field(choice, "message"), { isAnswer: true }));
  return [...asked, ...answers].filter(({ text }) => text !== "");
}

function turnOf(message: unknown, { isAnswer }: { isAnswer: boolean }): Turn {
  const role = field(message, "role");
  const calls = field(message, "tool_calls");
  const texts = [
    textOf(field(message, "content")),
    textOf(field(message, "refusal")),
    calls === undefined || calls === null ? "" : JSON.stringify(calls, null, 2),
  ];
  return {
    role: typeof role === "string" ? role : isAnswer ? "assistant" : "message",
    text: texts.filter((text) => text !== "").join("\n\n"),
    isAnswer,
  };
}

/** Content is a text or parts; parts that are no text are named and not shown. */
function textOf(content: unknown): string {
  if (typeof content === "string") {
    return content;
  }
  return listOf(content)
    .map((part) => {
      const text = field(part, "text");
      return typeof text === "string" ? text : `[${String(field(part, "type") ?? "part")}]`;
    })
    .join("\n");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
