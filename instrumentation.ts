import type { Instrumentation } from 'next';

// Both files are loaded by Node alone: this one is compiled for the edge as well.
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') await (await import('./app/start.ts')).start();
}

export const onRequestError: Instrumentation.onRequestError = async (error, _request, context) => {
  if (process.env.NEXT_RUNTIME === 'nodejs') (await import('./app/start.ts')).requestFailed(error, context);
};
