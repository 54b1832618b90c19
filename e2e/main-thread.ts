import type { Page } from '@playwright/test';

/** The second one holds the tasks. */
const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline'];

const ran = ['EvaluateScript', 'FunctionCall'];

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds that the thread itself worked, however long others kept it waiting. */
  tdur?: number;
  args?: { data?: { url?: string } };
}

/**
 * What the page's main thread did during `act`: the processor's time of each of its tasks, in ms. It is a page's own
 * cost, which time on the clock is not on a machine that has other work.
 */
export async function tasksDuring(page: Page, act: () => Promise<void>): Promise<number[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('no browser to trace');
  await browser.startTracing(page, { categories });
  let trace: Buffer;
  try {
    await act();
  } finally {
    trace = await browser.stopTracing();
  }
  const events: TraceEvent[] = JSON.parse(trace.toString()).traceEvents;
  // The card's frame and the browser have threads of their own; ours runs our scripts.
  const own = events.find(({ name, args }) => ran.includes(name) && args?.data?.url?.includes('/_next/static/'));
  if (!own) throw new Error('the page ran no script of ours');
  const tasks = events.filter(({ name, pid, tid }) => name === 'RunTask' && pid === own.pid && tid === own.tid);
  const took = tasks.flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000]));
  if (took.length === 0) throw new Error('the trace holds no time of threads');
  return took;
}
