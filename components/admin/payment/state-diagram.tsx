import type { StateDiagram as Diagram, PaymentState } from '#server/payments/view.ts';
import type { ShownEntry } from '#server/trpc/payment-view.ts';
import { type Tone, toneOf } from '../../tone.ts';
import { clock, exact } from '../../ui/time.ts';
import { words } from '../../ui/words.ts';
import { lineBetween, nodeHeight, picture, places } from './diagram-places.ts';
import { type Edge, edgesOf, pathOf } from './walked.ts';

/** All states dimmed, this payment's path lit with its times, and the moves that are legal now. Read out as a list. */
export function StateDiagram({
  diagram,
  entries,
  state,
}: {
  diagram: Diagram;
  entries: ShownEntry[];
  state: PaymentState;
}) {
  const edges = edgesOf(diagram, entries, state);
  const path = pathOf(entries);
  const visited = new Set(path.map((step) => step.state));
  // Lit lines last, so that nothing dim is drawn over them.
  const order = edges.toSorted((a, b) => weight(a) - weight(b));
  return (
    <figure>
      <svg
        viewBox={`0 0 ${picture.width} ${picture.height}`}
        className="w-full max-w-90 overflow-visible"
        aria-hidden="true"
      >
        <Arrows />
        {order.map((edge) => (
          <Move key={`${edge.from} ${edge.to}`} edge={edge} />
        ))}
        {diagram.states.map((name) => (
          <State key={name} name={name} visited={visited.has(name)} here={name === state} />
        ))}
      </svg>
      <figcaption className="sr-only">
        <Spoken path={path} edges={edges} />
      </figcaption>
    </figure>
  );
}

function weight({ times, next }: Edge): number {
  return times.length > 0 ? 2 : next ? 1 : 0;
}

const heads = { dim: 'fill-line', lit: 'fill-ink', next: 'fill-accent' } as const;

function Arrows() {
  return (
    <defs>
      {Object.entries(heads).map(([name, fill]) => (
        <marker
          key={name}
          id={`arrow-${name}`}
          viewBox="0 0 8 8"
          refX="5"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M1 1 7 4 1 7Z" className={fill} />
        </marker>
      ))}
    </defs>
  );
}

function Move({ edge }: { edge: Edge }) {
  const { path, label } = lineBetween(edge.from, edge.to);
  const last = edge.times.at(-1);
  const look = last ? 'lit' : edge.next ? 'next' : 'dim';
  const line = { dim: 'stroke-line', lit: 'stroke-ink', next: 'stroke-accent' }[look];
  return (
    <g data-edge={look}>
      <path
        d={path}
        fill="none"
        strokeWidth={look === 'dim' ? 1 : 1.5}
        strokeDasharray={look === 'next' ? '4 3' : undefined}
        markerEnd={`url(#arrow-${look})`}
        className={line}
      />
      {look !== 'dim' && (
        <text
          x={label.x}
          y={label.y}
          className={`stroke-surface text-12 [paint-order:stroke] ${last ? 'fill-ink' : 'fill-accent'}`}
          strokeWidth="4"
        >
          {last
            ? `${clock(last)}${edge.times.length > 1 ? ` ×${edge.times.length}` : ''}`
            : edge.triggers.map(words).join(', ')}
        </text>
      )}
    </g>
  );
}

const rings: Record<Tone, string> = {
  neutral: 'stroke-ink fill-ink/6',
  wait: 'stroke-wait fill-wait/14',
  ok: 'stroke-ok fill-ok/14',
  settled: 'stroke-ok fill-ok/14',
  muted: 'stroke-ink-muted fill-ink/6',
  bad: 'stroke-bad fill-bad/12',
  warn: 'stroke-warn fill-warn/12',
};

function State({ name, visited, here }: { name: PaymentState; visited: boolean; here: boolean }) {
  const { x, y, width } = places[name];
  const box = here ? rings[toneOf[name]] : visited ? 'stroke-line-strong fill-ink/5' : 'stroke-line fill-surface';
  return (
    <g data-state={name} data-visited={visited || undefined} data-here={here || undefined}>
      <rect x={x} y={y} width={width} height={nodeHeight} rx="8" className="fill-surface" />
      <rect x={x} y={y} width={width} height={nodeHeight} rx="8" strokeWidth={here ? 2 : 1} className={box} />
      <text
        x={x + width / 2}
        y={y + nodeHeight / 2 + 4}
        textAnchor="middle"
        className={`text-12 ${here ? 'fill-ink font-semibold' : visited ? 'fill-ink font-medium' : 'fill-ink-muted'}`}
      >
        {words(name)}
      </text>
    </g>
  );
}

function Spoken({ path, edges }: { path: { state: PaymentState; at: Date }[]; edges: Edge[] }) {
  const next = edges.filter((edge) => edge.next);
  return (
    <>
      <p>The way of this payment:</p>
      <ol>
        {path.map(({ state, at }) => (
          <li key={`${state} ${at.getTime()}`}>
            {words(state)}, {exact(at)}
          </li>
        ))}
      </ol>
      <p>
        {next.length > 0
          ? `From here it may become ${next.map(({ to, triggers }) => `${words(to)} (${triggers.map(words).join(', ')})`).join('; ')}.`
          : 'This is an end: no move leads on.'}
      </p>
    </>
  );
}
