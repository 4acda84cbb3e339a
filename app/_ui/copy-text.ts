/**
 * Puts text on the clipboard and tells whether it really is there. `navigator.clipboard` exists
 * only on https and localhost, and a gateway is often reached by a plain address, so the older way
 * of a selected box and `execCommand` comes second.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Missing on plain http, or refused: the older way asks for no permission.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const opener = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  box.setAttribute("aria-hidden", "true");
  box.style.position = "fixed";
  box.style.opacity = "0";
  // A modal dialog takes focus back from anything outside of itself.
  const host = opener?.closest('[role="dialog"], [role="alertdialog"]') ?? document.body;
  host.append(box);
  box.select();
  let isCopied = false;
  try {
    isCopied = document.execCommand("copy");
  } catch {
    isCopied = false;
  }
  box.remove();
  if (opener instanceof HTMLElement) {
    opener.focus({ preventScroll: true });
  }
  return isCopied;
}

/** What to press where scripts may not write: the text is selected by then. */
export function manualCopyHint(): string {
  return /mac|iphone|ipad/i.test(navigator.userAgent) ? "Press Cmd-C" : "Press Ctrl-C";
}
