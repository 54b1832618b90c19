import { router } from './trpc.ts';

/** One router per page. */
export const appRouter = router({});

export type AppRouter = typeof appRouter;
