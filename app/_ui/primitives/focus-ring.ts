/** The one focus ring: two pixels of the primary colour, two pixels away. */
export const focusRing =
  "outline-none focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-primary focus-visible:outline-solid";

/** The same for boxes one types into, where a gap would look like a second border. */
export const fieldFocusRing =
  "outline-none focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-primary focus-visible:outline-solid";

/** What pops up: menus, lists, dialogs. Only these cast a shadow. */
export const overlaySurface =
  "rounded-lg border border-border bg-bg text-fg shadow-lg outline-none transition-[opacity,transform] duration-100 data-starting-style:opacity-0 data-ending-style:opacity-0 motion-reduce:transition-none";

/** One line of a menu or a list of choices. */
export const optionRow =
  "flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-sm outline-none data-highlighted:bg-muted data-disabled:opacity-50";

/** The page behind an overlay: dimmed, and out of reach. */
export const backdropClass =
  "fixed inset-0 min-h-dvh bg-black/40 transition-opacity duration-100 data-starting-style:opacity-0 data-ending-style:opacity-0 motion-reduce:transition-none";
