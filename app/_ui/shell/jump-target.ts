const UUID = /^(?:req_)?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;
const KEY = /^cnd_[a-z]{2}_[\w-]{3,}/;

export interface JumpTarget {
  label: string;
  href: `/${string}`;
}

/**
 * Where a pasted text leads: a request id to its log, a key or the beginning of one to the list of
 * keys. Only the beginning of a key goes into the address, for a whole one is a secret.
 */
export function jumpTargetOf(text: string): JumpTarget | undefined {
  const typed = text.trim();
  const id = UUID.exec(typed)?.[1]?.toLowerCase();
  if (id !== undefined) {
    return { label: `Open request ${id}`, href: `/logs/${id}` };
  }
  if (KEY.test(typed)) {
    const prefix = typed.slice(0, SHOWN_OF_A_KEY);
    return { label: `Find the key ${prefix}`, href: `/keys?q=${encodeURIComponent(prefix)}` };
  }
  return undefined;
}

/** As much of a key as lists show of it: `cnd_sk_ab12`. */
const SHOWN_OF_A_KEY = 11;
