import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

// The sizes and radii of globals.css that tailwind-merge would take for colours.
const merge = extendTailwindMerge({
  extend: { theme: { text: ["13"], radius: ["control", "card"] } },
});

/** Joins class names; of two that set the same property the later one wins. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes));
}
