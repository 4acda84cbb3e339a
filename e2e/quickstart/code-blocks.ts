import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface CodeBlock {
  /** The nearest heading above it. */
  heading: string;
  language: string;
  code: string;
}

/** The fenced code blocks of a page of this repository, in order. */
function codeBlocks(page: string): CodeBlock[] {
  const path = fileURLToPath(new URL(`../../${page}`, import.meta.url));
  const blocks: CodeBlock[] = [];
  let heading = "";
  let open: CodeBlock | undefined;
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const fence = /^```(\w*)$/.exec(line);
    if (fence !== null && open !== undefined) {
      blocks.push(open);
      open = undefined;
    } else if (fence !== null) {
      open = { heading, language: fence[1] ?? "", code: "" };
    } else if (open !== undefined) {
      open.code += `${line}\n`;
    } else if (line.startsWith("#")) {
      heading = line.replace(/^#+\s*/, "");
    }
  }
  return blocks;
}

/** The one block under a heading; throws when the page has none or several. */
export function requireBlock(page: string, heading: string): CodeBlock {
  const found = codeBlocks(page).filter((block) => block.heading === heading);
  const [block] = found;
  if (block === undefined || found.length > 1) {
    throw new Error(`${page} has ${found.length} code blocks under "${heading}"; one is expected.`);
  }
  return block;
}
