import { z } from 'zod';
import { plainText } from './plain-text.ts';
import { router, shopperOf } from './trpc.ts';

const Attempt = z.object({ token: plainText(200), attempt: plainText(64), email: plainText(254) });

/** The checkout page: one session, by the secret in its address. */
export const checkoutRouter = router({
  session: shopperOf.query(({ ctx }) => ctx.rooms.checkout.view(ctx.shopper)),

  frameGrant: shopperOf.mutation(({ ctx }) => ctx.rooms.checkout.grant(ctx.shopper)),

  confirm: shopperOf
    .input(Attempt)
    .mutation(({ ctx, input: { token, attempt, email } }) =>
      ctx.rooms.checkout.confirm(ctx.shopper, { token, attempt, email, address: ctx.address }),
    ),

  status: shopperOf.query(({ ctx }) => ctx.rooms.checkout.status(ctx.shopper)),

  /** From the bank's page: what has become of it is asked at once. */
  back: shopperOf.mutation(({ ctx }) => ctx.rooms.checkout.back(ctx.shopper)),

  giveUp: shopperOf.mutation(({ ctx }) => ctx.rooms.checkout.giveUp(ctx.shopper)),
});
