import { defineConfig } from "drizzle-kit";

/** `npm run db:generate` compares the schema with the last migration and writes the next one. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./drizzle/schema/*.ts",
  out: "./drizzle/migrations",
});
