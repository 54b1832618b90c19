import { createHash } from 'node:crypto';
import { type Cast, makeCast, type Scene } from './cast.ts';
import { catchUp, type Fixture, makeFixtures } from './fixtures.ts';
import { gather } from './judge/gather.ts';
import { judge } from './judge/judge.ts';
import type { Figures } from './schedule.ts';
import type { Stage } from './stage.ts';
import { calm } from './wire.ts';

/** One schedule, as it was played. */
export interface Played {
  seed: number;
  trace: readonly string[];
  figures: Figures;
  /** What is broken, in words. */
  broken: string[];
  /** It never ended. */
  brokeOff: boolean;
}

/**
 * Plays one schedule for each seed, and judges them: what is read for many at once costs little. One that breaks off
 * leaves its transactions open: it is the last one, and nobody may go on with that stage.
 */
export async function playScene(stage: Stage, scene: Scene, seeds: readonly number[]): Promise<Played[]> {
  const fixtures = await makeFixtures(stage, scene, seeds);
  const played: { seed: number; cast: Cast; crashed: string[] }[] = [];
  for (const [n, seed] of seeds.entries()) {
    const fixture = fixtures[n];
    if (!fixture || (played.at(-1)?.crashed.length ?? 0) > 0) break;
    played.push(await play(stage, { scene, seed, fixture }));
  }
  const rows = await gather(
    stage.owner,
    fixtures.map(({ caller }) => caller.merchantId),
  );
  return played.map(({ seed, cast, crashed }) => {
    const { answers, acquirer, fixture, schedule } = cast;
    const prepared = fixture.payments.map(({ intentId }) => intentId);
    const evidence = { ...rows(fixture.caller.merchantId), prepared, journal: acquirer.journal, answers };
    const broken = [...crashed, ...judge(evidence, { consumes: scene.consumes ?? false })];
    return { seed, trace: schedule.trace, figures: schedule.figures, broken, brokeOff: crashed.length > 0 };
  });
}

async function play(stage: Stage, of: { scene: Scene; seed: number; fixture: Fixture }) {
  const cast = makeCast(stage, of);
  const { seed, scene } = of;
  try {
    scene.begin(cast);
    await cast.schedule.play();
    await comeToRest(stage, cast);
    if (scene.consumes) await catchUp(stage);
    return { seed, cast, crashed: [] };
  } catch (error) {
    return { seed, cast, crashed: [`the schedule broke off: ${String(error)}`] };
  }
}

/** Milliseconds from one sweep to the next, and how many there are at most. */
const pause = 50_000;
const sweepsAtMost = 8;

/** What is still open is asked about, with nothing in the way, until it is not. */
async function comeToRest({ owner }: Stage, cast: Cast): Promise<void> {
  const { schedule, wire, fixture } = cast;
  wire.weather = calm;
  for (let sweeps = 0; sweeps < sweepsAtMost && (await isOpen()); sweeps++) {
    schedule.now += pause;
    schedule.trace.push('all is quiet, and time passes');
    const over = cast.worker(0).payments.sweep(50);
    // Where the schedule breaks off, nobody waits for this any more.
    over.catch(() => {});
    await schedule.play();
    await over;
  }

  async function isOpen(): Promise<boolean> {
    const open = await owner`
      SELECT 1 FROM payments p JOIN operations o ON o.payment_id = p.id
      WHERE p.merchant_id = ${fixture.caller.merchantId} AND o.closed_at IS NULL LIMIT 1`;
    return open.length > 0;
  }
}

/** A trace, as short as it can be told apart by. */
export function fingerprint(trace: readonly string[]): string {
  return createHash('sha256').update(trace.join('\n')).digest('base64url').slice(0, 16);
}
