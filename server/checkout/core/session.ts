import type { checkoutLineItems, checkoutSessions } from '#db/schema/checkout.ts';

export type Item = Pick<
  typeof checkoutLineItems.$inferSelect,
  'id' | 'name' | 'description' | 'unitAmount' | 'quantity'
>;

/** A session as it is stored, its cart included. */
export type Session = typeof checkoutSessions.$inferSelect & { items: Item[] };
