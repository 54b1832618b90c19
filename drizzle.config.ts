import { defineConfig } from 'drizzle-kit';

const rooms = [
  'alerts',
  'auth',
  'checkout',
  'events',
  'figures',
  'idempotency',
  'ledger',
  'payments',
  'payment-rows',
  'reconciliation',
  'reconciliation-files',
  'risk',
  'routing',
  'webhooks',
];

export default defineConfig({
  dialect: 'postgresql',
  casing: 'snake_case',
  schema: rooms.map((room) => `./db/schema/${room}.ts`),
  out: './db/migrations/florin',
});
