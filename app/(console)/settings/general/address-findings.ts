/** What the browser, the server and the settings each say of the install's address. */
export interface AddressFacts {
  /** `window.location.origin`. */
  origin: string;
  host: string | null;
  forwardedHost: string | null;
  forwardedProto: string | null;
  publicUrl: string | null;
}

/**
 * What does not fit together, in sentences. A write is accepted only when the browser's origin has
 * the host that the server was asked for, or that of the public address.
 */
export function addressFindings(facts: AddressFacts): string[] {
  const browser = new URL(facts.origin);
  const findings: string[] = [];
  const publicHost = facts.publicUrl === null ? null : new URL(facts.publicUrl).host;
  if (facts.host !== browser.host && publicHost !== browser.host) {
    findings.push(
      `The server was asked for ${facts.host ?? "no host"}, but the browser shows ${browser.host}. Let the proxy pass the Host header on, or set the public address to ${facts.origin}.`,
    );
  }
  // Without a proxy it repeats the host.
  if (![null, facts.host, browser.host].includes(facts.forwardedHost)) {
    findings.push(
      `X-Forwarded-Host is ${facts.forwardedHost}, but the browser shows ${browser.host}.`,
    );
  }
  if (facts.forwardedProto !== null && `${facts.forwardedProto}:` !== browser.protocol) {
    findings.push(
      `X-Forwarded-Proto is ${facts.forwardedProto}, but the browser uses ${browser.protocol.replace(":", "")}.`,
    );
  }
  if (publicHost !== null && publicHost !== browser.host) {
    findings.push(
      `The public address is on ${publicHost}, and you are looking at ${browser.host}. Links that Conduit writes lead to the public address.`,
    );
  }
  return findings;
}
