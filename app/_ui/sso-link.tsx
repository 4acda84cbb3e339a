import { LogIn } from "lucide-react";
import { withBasePath } from "./base-path.ts";
import { cn } from "./cn.ts";
import { buttonClass } from "./primitives/button.tsx";

export interface SsoLinkProps {
  /** What people call the identity provider. */
  name: string;
  /** Where to go afterwards, as a path of this console. */
  callbackUrl: string;
  variant: "primary" | "outline";
}

/** Begins single sign-on. A plain link: it leaves the app, and nothing may fetch it ahead. */
export function SsoLink({ name, callbackUrl, variant }: SsoLinkProps) {
  const query = new URLSearchParams({ callbackUrl });
  return (
    <a
      href={withBasePath(`/api/auth/start?${query}`)}
      className={cn(buttonClass({ variant, size: "lg" }), "w-full whitespace-normal")}
    >
      <LogIn aria-hidden />
      Continue with {name}
    </a>
  );
}
