import { z } from "zod";
import { checkPassword, type PasswordVerdict } from "./password-sign-in.ts";
import type { Visitor } from "./visitor.ts";

/** One run through next-auth: who runs it, and what came of it. */
export interface SignInFlow {
  visitor: Visitor;
  /** The opaque id that the browser brought along, whatever it is worth. */
  previousSid: string | undefined;
  /** Set once somebody has proved who they are. */
  userId?: string;
  method?: "password" | "oidc";
  /** Set once the identity provider has signed the person in again, because we asked it to. */
  isProved?: true;
  /** Set once a password was looked at. */
  verdict?: PasswordVerdict;
}

const credentials = z.object({ email: z.string().max(320), password: z.string().max(1024) });

/** next-auth's provider of the type `credentials`, on the accounts of this install. */
export function credentialsProvider(flow: SignInFlow) {
  return {
    id: "credentials",
    name: "Password",
    type: "credentials" as const,
    credentials: {},
    authorize: async (input: unknown): Promise<{ id: string } | null> => {
      const parsed = credentials.safeParse(input);
      if (!parsed.success) {
        return null;
      }
      const verdict = await checkPassword(flow.visitor, parsed.data);
      flow.verdict = verdict;
      if (verdict.kind !== "accepted") {
        return null;
      }
      flow.userId = verdict.userId;
      flow.method = "password";
      return { id: verdict.userId };
    },
  };
}
