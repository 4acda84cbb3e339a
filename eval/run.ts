import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Suite, sectionOf } from "./suite.ts";
import { content } from "./suites/content.ts";
import { injection } from "./suites/injection.ts";
import { likeQuestions } from "./suites/like-questions.ts";
import { personalData } from "./suites/personal-data.ts";
import { secrets } from "./suites/secrets.ts";

/** To add one: its file in `suites/`, and a line here. */
const SUITES: readonly Suite[] = [personalData, secrets, injection, content, likeQuestions];

const sections: string[] = [];
for (const suite of SUITES) {
  sections.push(...sectionOf(suite, await suite.measure()));
}
const report = [
  "# Evaluation",
  "",
  "Written by `npm run eval`. [README.md](README.md) says how to read it.",
  "",
  ...sections,
].join("\n");
console.log(report);
writeFileSync(fileURLToPath(new URL("./results.md", import.meta.url)), report);
