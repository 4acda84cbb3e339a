import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate with its key, as TLS servers take them. */
export interface TestCertificate {
  /** PEM. */
  cert: string;
  /** PEM. */
  key: string;
}

interface CertificateOptions {
  /** IP addresses and host names that it is for. */
  names: readonly string[];
  /** Default: from yesterday on. */
  notBefore?: Date;
  /** Default: for a week. */
  notAfter?: Date;
}

/** An authority of the tests' own, for certificates that are in order but for one thing. */
interface TestAuthority {
  /** PEM, for `NODE_EXTRA_CA_CERTS`. */
  cert: string;
  issue: (options: CertificateOptions) => TestCertificate;
}

const DAY_MS = 86_400_000;
const AUTHORITY = "Authority of the tests";

/** Makes an authority. Node can read certificates but not write them, so this writes the DER itself. */
export function makeAuthority(): TestAuthority {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const cert = write({
    subject: AUTHORITY,
    holder: keys.publicKey,
    signer: keys.privateKey,
    names: [],
    isAuthority: true,
  });
  return {
    cert,
    issue: (options) => {
      const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return {
        cert: write({
          ...options,
          subject: "server",
          holder: own.publicKey,
          signer: keys.privateKey,
          isAuthority: false,
        }),
        key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

interface Certificate extends CertificateOptions {
  subject: string;
  holder: KeyObject;
  signer: KeyObject;
  isAuthority: boolean;
}

/** A certificate of X.509 version 3 (RFC 5280, 4.1) as PEM. */
function write(wanted: Certificate): string {
  const now = Date.now();
  const body = sequence(
    tagged(0xa0, integer(2)),
    tagged(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    nameOf(AUTHORITY),
    sequence(
      timeOf(wanted.notBefore ?? new Date(now - DAY_MS)),
      timeOf(wanted.notAfter ?? new Date(now + 7 * DAY_MS)),
    ),
    nameOf(wanted.subject),
    wanted.holder.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...extensionsOf(wanted))),
  );
  const signature = sign("sha256", body, wanted.signer);
  const whole = sequence(body, ECDSA_WITH_SHA256, tagged(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function extensionsOf({ isAuthority, names }: Certificate): Buffer[] {
  return isAuthority
    ? // basicConstraints: an authority.
      [sequence(objectId("551d13"), tagged(0x04, sequence(tagged(0x01, Buffer.from([0xff])))))]
    : // subjectAltName.
      [sequence(objectId("551d11"), tagged(0x04, sequence(...names.map(alternativeName))))];
}

function alternativeName(name: string): Buffer {
  return /^[\d.]+$/.test(name)
    ? tagged(0x87, Buffer.from(name.split(".").map(Number)))
    : tagged(0x82, Buffer.from(name, "ascii"));
}

function nameOf(commonName: string): Buffer {
  const text = tagged(0x0c, Buffer.from(commonName, "utf8"));
  return sequence(tagged(0x31, sequence(objectId("550403"), text)));
}

function timeOf(date: Date): Buffer {
  const digits = date.toISOString().replace(/\D/g, "").slice(0, 14);
  return tagged(0x18, Buffer.from(`${digits}Z`, "ascii"));
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, ...parts);
}

function integer(value: number): Buffer {
  return tagged(0x02, Buffer.from([value]));
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

/** Tag, length and content of one value of DER. */
function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const ECDSA_WITH_SHA256 = sequence(objectId("2a8648ce3d040302"));
