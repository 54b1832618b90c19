import { diagram } from '#server/payments/diagram.ts';

/** The state diagram as Mermaid text, made from the table of moves. */
export function stateDiagram(): string {
  const { moves, states } = diagram();
  const edges = new Map<string, string[]>();
  for (const { from, trigger, to } of moves) {
    const key = `${from} --> ${to}`;
    edges.set(key, [...(edges.get(key) ?? []), trigger]);
  }
  const ends = states.filter((state) => !moves.some(({ from }) => from === state));
  return [
    'stateDiagram-v2',
    '  [*] --> initiated: create',
    ...[...edges].map(([edge, triggers]) => `  ${edge}: ${triggers.join(', ')}`),
    ...ends.map((state) => `  ${state} --> [*]`),
  ].join('\n');
}

const [open, close] = ['<!-- states: made by `npm run readme` -->', '<!-- /states -->'];

/** The README with its diagram brought up to date. @throws Error when the place for it is gone. */
export function withDiagram(readme: string): string {
  const [start, end] = [readme.indexOf(open), readme.indexOf(close)];
  if (start < 0 || end < start) throw new Error(`README.md has no place for the state diagram: ${open} … ${close}`);
  return `${readme.slice(0, start)}${open}\n\`\`\`mermaid\n${stateDiagram()}\n\`\`\`\n${readme.slice(end)}`;
}
