/** Where a value stands, as a chain from the leaf to the root; most texts never need it spelled out. */
export interface PathNode {
  parent: PathNode | null;
  key: string | number;
}

type Container = Record<string | number, unknown>;

/**
 * A value that is changed without touching the original: what stands on the way to a change is
 * copied once, the rest is shared. Messages of managed prompts belong to everybody, and an answer's
 * events may be kept elsewhere.
 */
export class Draft {
  #root: Container;
  readonly #own = new Set<unknown>();
  #changed = false;

  constructor(root: object) {
    // Objects and arrays alike are read by key here.
    this.#root = root as Container;
  }

  get changed(): boolean {
    return this.#changed;
  }

  /** The value with all changes. */
  get value(): Record<string, unknown> {
    return this.#root;
  }

  set(node: PathNode, value: unknown): void {
    this.#changed = true;
    this.#containerOf(node)[node.key] = value;
  }

  /** The object that holds the value at `node`, as this draft's own copy. */
  edit(node: PathNode, change: (holder: Record<string, unknown>) => void): void {
    this.#changed = true;
    change(this.#containerOf(node));
  }

  #containerOf({ parent }: PathNode): Container {
    if (parent === null) {
      if (!this.#own.has(this.#root)) {
        this.#root = copy(this.#root);
        this.#own.add(this.#root);
      }
      return this.#root;
    }
    const holder = this.#containerOf(parent);
    const held = holder[parent.key] as Container;
    if (this.#own.has(held)) {
      return held;
    }
    const own = copy(held);
    this.#own.add(own);
    holder[parent.key] = own;
    return own;
  }
}

function copy(value: Container): Container {
  // An array's copy is read by key as well.
  return Array.isArray(value) ? (value.slice() as unknown as Container) : { ...value };
}

/** `messages[2].content`. */
export function renderPath({ parent, key }: PathNode): string {
  const own = typeof key === "number" ? `[${key}]` : key;
  if (parent === null) {
    return own;
  }
  return `${renderPath(parent)}${typeof key === "number" ? "" : "."}${own}`;
}
