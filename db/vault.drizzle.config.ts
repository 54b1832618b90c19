import { defineConfig } from 'drizzle-kit';

// `drizzle-kit generate --config db/vault.drizzle.config.ts`: the vault's database is not a part of the other one.
export default defineConfig({
  dialect: 'postgresql',
  casing: 'snake_case',
  schema: './db/schema/vault.ts',
  out: './db/migrations/vault',
});
