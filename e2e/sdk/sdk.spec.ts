import { afterAll } from "vitest";
import { closeSharedWorlds } from "./shared-world.ts";

// One file, so that all cases share two servers: starting one takes longer than most cases. Those
// that make an upstream fail come last, for the gateway remembers it.
import "./chat.ts";
import "./tools.ts";
import "./embeddings-models.ts";
import "./moderations.ts";
import "./prompts.ts";
import "./python.ts";
import "./errors.ts";

afterAll(closeSharedWorlds);
