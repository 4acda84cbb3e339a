/** What makes a password easy to guess; `null` when there is nothing to say. Advice, never a rule. */
export function adviseOn(password: string, email: string): string | null {
  if (password === "") {
    return null;
  }
  const name = email.split("@")[0] ?? "";
  const found = ADVICE.find(({ applies }) => applies(password, name));
  return found?.text ?? null;
}

interface Advice {
  applies: (password: string, name: string) => boolean;
  text: string;
}

const ADVICE: readonly Advice[] = [
  {
    applies: (password) => new Set(password.toLowerCase()).size < 6,
    text: "It repeats a few characters. Four random words are easier to remember and harder to guess.",
  },
  {
    applies: (password, name) =>
      name.length > 3 && password.toLowerCase().includes(name.toLowerCase()),
    text: "It holds your name from your email, which is tried first.",
  },
  {
    applies: (password) => /pass\s?word|qwert|12345|abcdef|letmein|conduit/i.test(password),
    text: "It holds a word or a row of keys that is tried first.",
  },
  {
    applies: (password) => /^[a-z]+\d{0,4}[!.]?$/i.test(password) && password.length < 16,
    text: "A single word with a number is guessed soon. Four random words are better.",
  },
  {
    applies: (password) => password.length < 16,
    text: "Longer is better: 16 characters or more, such as four random words.",
  },
];
