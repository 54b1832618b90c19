import type { Explored } from './explore.ts';
import type { Verdict } from './verdict.ts';

/** The verdict for people: a table of machines, then each wrong variant with its shortest trace. */
export function report({ machines, mistakes, states, transitions, edgesNotTaken, faults }: Verdict): string {
  const seconds = machines.reduce((total, one) => total + one.seconds, 0);
  const edges = edgesNotTaken.length === 0 ? 'every legal edge was taken' : `not taken: ${edgesNotTaken.join(', ')}`;
  return [
    row('machine', 'states', 'transitions', 'cpu seconds', 'errors', 'without rest', 'not reached'),
    ...machines.map(machineRow),
    row('all', count(states), count(transitions), seconds.toFixed(1), '', '', ''),
    '',
    edges,
    '',
    'wrong variants: what breaks, by the shortest way there',
    ...mistakes.map(({ name, explored }, n) => `\n${n + 1}. ${name}\n${broken(explored)}`),
    '',
    faults.length === 0 ? 'All is as it must be.' : `NOT as it must be:\n${faults.map((one) => `- ${one}`).join('\n')}`,
    '',
  ].join('\n');
}

/** The same for programs. */
export function reportJson({ machines, mistakes, ...rest }: Verdict): string {
  const plain = {
    ...rest,
    machines: machines.map(({ taken, happened, ...one }) => ({
      ...one,
      taken: [...taken].sort(),
      happened: Object.fromEntries(happened),
    })),
    mistakes: mistakes.map(({ name, explored: { model, states, transitions, seconds, breach } }) => {
      return { name, model, states, transitions, seconds, breach };
    }),
  };
  return `${JSON.stringify(plain, null, 2)}\n`;
}

function machineRow({ model, states, transitions, seconds, breach, stuck, notReached }: Explored): string {
  const errors = breach ? '1' : '0';
  return row(
    model,
    count(states),
    count(transitions),
    seconds.toFixed(1),
    errors,
    `${stuck.states}`,
    `${notReached.length}`,
  );
}

function broken({ breach, states }: Explored): string {
  if (!breach) return '   NOT FOUND';
  return `   ${breach.what} (${breach.trace.length} steps, ${count(states)} states)\n   ${breach.trace.join(' > ')}`;
}

function row(name: string, ...cells: string[]): string {
  return `${name.padEnd(46)}${cells.map((cell) => cell.padStart(13)).join('')}`;
}

function count(n: number): string {
  return n.toLocaleString('en');
}
