/** What somebody is told whom single sign-on has sent back, by the code in the address. */
const TEXTS: Readonly<Record<string, string>> = {
  sso_no_email: "Your identity provider sent no email address. Ask an admin of Conduit.",
  sso_domain: "Your email's domain is not allowed here. Ask an admin of Conduit.",
  sso_unverified:
    "This account cannot be opened by single sign-on yet. Sign in with your password, or ask an admin.",
  sso_not_invited: "There is no account for you here. Ask an admin for an invitation.",
  OAuthSignin: "The identity provider cannot be reached. Try again, or sign in with a password.",
  OAuthCallback: "The sign-in at the identity provider was not completed. Try again.",
};

export function ssoErrorText(code: string): string {
  return Object.hasOwn(TEXTS, code)
    ? (TEXTS[code] ?? "")
    : "Single sign-on did not work. Try again.";
}
