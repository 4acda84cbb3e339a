import { ConduitError, isConduitError } from "#lib/errors.ts";

/** How far a call had come when its connection failed. */
interface CallState {
  /** The connection had carried another call before. */
  isReused: boolean;
  /** Some of an answer's head had come. */
  hasHead: boolean;
}

/** What OpenSSL and Node call a certificate that they do not take. */
const CERTIFICATE_CODES =
  /^(CERT_|CRL_|ERR_TLS_CERT|ERROR_IN_C|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH)/;

/** Answers that are no HTTP, or another length than they said. */
const PROTOCOL_CODES =
  /^(HPE_|HTTPParserError$|UND_ERR_RES_CONTENT_LENGTH_MISMATCH$|UND_ERR_HEADERS_OVERFLOW$)/;
const BAD_ANSWERS = new Set(["bad response", "bad upgrade"]);
const DISCONNECTS = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/** A failure of the connection, or of the HTTP on it, as our error. */
export function networkError(error: Error, state: CallState): ConduitError {
  if (isConduitError(error)) {
    return error;
  }
  // undici's parser leaves the code of some of its errors empty.
  const code = "code" in error && error.code !== undefined ? String(error.code) : error.name;
  if (CERTIFICATE_CODES.test(code)) {
    return new ConduitError("upstream_unreachable", {
      message: `The provider's TLS certificate was not accepted (${code}).`,
      upstream: { kind: "certificate" },
      cause: error,
    });
  }
  if (PROTOCOL_CODES.test(code) || BAD_ANSWERS.has(error.message)) {
    return brokenAnswer(code, error);
  }
  if (code === "UND_ERR_SOCKET" && state.hasHead) {
    return new ConduitError("upstream_truncated", {
      message: "The provider closed the connection before its answer was complete.",
      upstream: { kind: "protocol" },
      cause: error,
    });
  }
  const isStale = state.isReused && !state.hasHead && DISCONNECTS.has(code);
  return new ConduitError("upstream_unreachable", {
    message: `The connection to the provider failed (${code}).`,
    upstream: { kind: "network", ...(isStale ? { isStale: true } : {}) },
    cause: error,
  });
}

function brokenAnswer(code: string, cause: Error): ConduitError {
  return new ConduitError("upstream_protocol", {
    message: `The provider's answer is not proper HTTP, or not as long as it said (${code}).`,
    upstream: { kind: "protocol" },
    cause,
  });
}
