import { healthAnswer } from '#server/observability/health.ts';

/** Answers as every process does. Made so that `/health` needs no settings: it says that the process lives, no more. */
export async function probe(path: '/health' | '/ready' | '/metrics'): Promise<Response> {
  const answer = await healthAnswer(path, { ready: async () => (await import('./rooms.ts')).rooms().ready() });
  if (!answer) return new Response(null, { status: 404 });
  return new Response(answer.body, { status: answer.status, headers: { 'content-type': answer.type } });
}
