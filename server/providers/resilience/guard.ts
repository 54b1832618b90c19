import type { Clock } from '#server/kernel/clock.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import type { Sent } from '#server/vault-client/vault-client.ts';
import type { Order, ProviderHealth } from '../contract.ts';
import type { Outcome } from '../outcome.ts';
import { makeBreaker } from './breaker.ts';
import type { Limits } from './limits.ts';
import { type Line, makeLine } from './line.ts';
import { measuresOf } from './measures.ts';
import { makeRetries } from './retries.ts';
import { successOf, verdictOf } from './verdict.ts';

type AskKind = Order['kind'] | 'inquire';

/** Of how many authorisations the success rate speaks. */
const remembered = 50;

export interface GuardSeams {
  clock: Clock;
  random: Random;
  log: Pick<Log, 'info' | 'warn'>;
}

export interface Call {
  kind: AskKind;
  /** Whether it begins a charge, which the breaker may stop. */
  begins: boolean;
  send(): Promise<Sent>;
  read(sent: Sent): Outcome;
}

/** Stands before one provider, so that its trouble becomes nobody else's. */
export interface Guard {
  ask(call: Call): Promise<Outcome>;
  health(): Omit<ProviderHealth, 'name'>;
}

/**
 * Each kind has a line of its own, so that hanging charges never keep a refund or an inquiry waiting. The breaker stops
 * new charges alone: money that moved is captured, returned and asked about however the provider is. Questions alone
 * are repeated: each send of anything else was committed with its number, and only the payments room makes another.
 */
export function makeGuard(name: string, limits: Limits, { clock, random, log }: GuardSeams): Guard {
  const measures = measuresOf(name);
  const lines = linesOf(name, limits, clock);
  const retries = makeRetries({ clock, random, limits: limits.retry, repeated: measures.repeated });
  const successes: boolean[] = [];
  const breaker = makeBreaker({
    clock,
    limits: limits.breaker,
    changed(state) {
      measures.charges(state);
      if (state === 'open') log.warn({ provider: name }, 'new charges are stopped');
      if (state === 'closed') log.info({ provider: name }, 'new charges are taken again');
    },
  });
  measures.charges('closed');

  const travel = ({ kind, send }: Call) =>
    kind === 'inquire' ? retries(() => lines.inquire(send)) : lines[kind](send);

  async function pass(call: Call): Promise<{ sent: Sent; outcome: Outcome }> {
    const sent = await travel(call);
    return { sent, outcome: call.read(sent) };
  }

  return {
    async ask(call) {
      const began = clock.now().getTime();
      const passed = await (call.begins ? breaker.through(() => pass(call), verdictOf) : pass(call));
      const outcome = passed?.outcome ?? call.read(chargesStopped(name));
      const success = passed && call.kind === 'authorize' ? successOf(passed) : undefined;
      if (success !== undefined && successes.push(success) > remembered) successes.shift();
      measures.called({ kind: call.kind, outcome: outcome.kind, milliseconds: clock.now().getTime() - began });
      return outcome;
    },
    health: () => ({ charges: breaker.state(), successRate: shareOf(successes) }),
  };
}

function linesOf(name: string, limits: Limits, clock: Clock): Record<AskKind, Line> {
  const line = (kind: AskKind) => makeLine(name, limits[kind], clock);
  return {
    authorize: line('authorize'),
    capture: line('capture'),
    void: line('void'),
    refund: line('refund'),
    cancel: line('cancel'),
    inquire: line('inquire'),
  };
}

function chargesStopped(name: string): Sent {
  return { kind: 'not_sent', code: 'charges_stopped', message: `New charges at ${name} are stopped.` };
}

function shareOf(successes: readonly boolean[]): number | null {
  return successes.length === 0 ? null : successes.filter(Boolean).length / successes.length;
}
