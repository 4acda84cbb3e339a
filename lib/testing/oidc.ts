import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration } from "oidc-provider";

/** A person of the identity provider: the claims that it gives of them. */
export type OidcPerson = Readonly<Record<string, unknown>> & { sub: string };

/** A real OpenID Connect server on this machine; whoever comes is signed in as `actAs` said last. */
export interface OidcServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Who signs in from now on; `null` refuses, as somebody who presses Cancel. */
  actAs(person: OidcPerson | null): void;
  /** Authorization requests that came in, as their query. */
  requests: Record<string, string>[];
  close(): Promise<void>;
}

const CLIENT_ID = "conduit";
const CLIENT_SECRET = "the-client-secret-of-the-tests";

/** Starts it; `redirectUris` are the addresses that it may send people back to. */
export async function startOidc(redirectUris: readonly string[]): Promise<OidcServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const requests: Record<string, string>[] = [];
  let present: OidcPerson | null = null;
  const people = new Map<string, OidcPerson>();
  const provider = new Provider(issuer, configuration(redirectUris, people));
  const callback = provider.callback();
  server.on("request", (req, res) => {
    const url = new URL(req.url ?? "/", issuer);
    if (url.pathname === "/auth") {
      requests.push(Object.fromEntries(url.searchParams));
    }
    if (!url.pathname.startsWith("/interaction/")) {
      void callback(req, res);
      return;
    }
    if (present === null) {
      const refusal = { error: "access_denied", error_description: "The person said no." };
      void provider.interactionFinished(req, res, refusal);
      return;
    }
    people.set(present.sub, present);
    void finish(provider, { req, res, accountId: present.sub });
  });
  return {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    actAs: (person) => {
      present = person;
    },
    requests,
    close: () => closeServer(server),
  };
}

interface Interaction {
  req: Parameters<Provider["interactionDetails"]>[0];
  res: Parameters<Provider["interactionDetails"]>[1];
  accountId: string;
}

/** Signs in and consents in one go, as a provider does that knows the person and trusts the client. */
async function finish(provider: Provider, { req, res, accountId }: Interaction): Promise<void> {
  const { params, prompt } = await provider.interactionDetails(req, res);
  if (prompt.name === "login") {
    await provider.interactionFinished(req, res, { login: { accountId, remember: false } });
    return;
  }
  const grant = new provider.Grant({ accountId, clientId: String(params["client_id"]) });
  grant.addOIDCScope(String(params["scope"]));
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(req, res, { consent }, { mergeWithLastSubmission: true });
}

function configuration(
  redirectUris: readonly string[],
  people: ReadonlyMap<string, OidcPerson>,
): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [...redirectUris],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: {
      openid: ["sub"],
      email: ["email", "email_verified"],
      profile: ["name", "preferred_username"],
      groups: ["groups"],
    },
    scopes: ["openid", "email", "profile", "groups"],
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["a key of the tests"] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
