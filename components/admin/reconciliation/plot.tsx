'use client';

import { type ReactNode, useState } from 'react';
import { dayInWords, type Point, runsOf } from './plot-scale.ts';

const wide = 300;
const high = 100;

/**
 * One value a day: a line, or bars. Days are read one by one with the pointer, a finger or the arrow keys, and all of
 * them in a table.
 *
 * @param from, to  Values at the foot and the top.
 * @param scale     What stands at the foot and the top.
 */
export function Plot({
  title,
  points,
  as,
  from,
  to,
  scale,
  column,
}: {
  title: string;
  points: Point[];
  as: 'line' | 'bars';
  from: number;
  to: number;
  scale: { foot: string; top: string };
  column: string;
}) {
  const [at, setAt] = useState(points.length - 1);
  const here = points[at];
  const step = wide / points.length;
  const place = (index: number) => (index + 0.5) * step;
  const height = (value: number) => high - (Math.min(Math.max(value - from, 0), to - from) / (to - from)) * high;
  return (
    <figure className="min-w-0 rounded-card border p-4">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="text-13 font-semibold">{title}</span>
        {here && (
          <span className="text-13 text-ink-muted tabular-nums">
            {dayInWords(here.day)}: <span className="text-ink">{here.says}</span>
          </span>
        )}
      </figcaption>
      <div className="mt-3 grid grid-cols-[minmax(0,1fr)_auto] gap-x-2">
        <div className="relative h-32 rounded-sm has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
          <svg
            viewBox={`0 0 ${wide} ${high}`}
            preserveAspectRatio="none"
            className="size-full overflow-visible text-accent"
            aria-hidden="true"
          >
            <Rules />
            <path
              d={`M${place(at)} 0V${high}`}
              className="text-line-strong"
              stroke="currentColor"
              strokeWidth="1"
              vectorEffect="non-scaling-stroke"
            />
            {as === 'bars' ? (
              points.map(({ day, value }, index) => (
                <rect
                  key={day}
                  x={place(index) - step * 0.36}
                  width={step * 0.72}
                  y={height(value ?? from)}
                  height={high - height(value ?? from)}
                  fill="currentColor"
                  opacity={index === at ? 1 : 0.72}
                />
              ))
            ) : (
              <Line points={points} place={place} height={height} />
            )}
          </svg>
          <input
            type="range"
            min={0}
            max={points.length - 1}
            value={at}
            onChange={(event) => setAt(Number(event.target.value))}
            onPointerMove={(event) => {
              const { left, width } = event.currentTarget.getBoundingClientRect();
              const day = Math.floor(((event.clientX - left) / width) * points.length);
              setAt(Math.min(Math.max(day, 0), points.length - 1));
            }}
            aria-label={`${title}: day`}
            aria-valuetext={here && `${dayInWords(here.day)}: ${here.says}`}
            className="absolute inset-0 size-full cursor-crosshair opacity-0"
          />
        </div>
        <div className="flex h-32 flex-col justify-between text-right text-12 text-ink-muted tabular-nums">
          <span>{scale.top}</span>
          <span>{scale.foot}</span>
        </div>
        <p className="mt-1 flex justify-between text-12 text-ink-muted">
          <span>{dayInWords(points[0]?.day ?? '')}</span>
          <span>today</span>
        </p>
      </div>
      <AsTable title={title} column={column} points={points} />
    </figure>
  );
}

/** Hairlines at the foot, the half and the top. */
function Rules(): ReactNode {
  return [0, high / 2, high].map((y) => (
    <path
      key={y}
      d={`M0 ${y}H${wide}`}
      className="text-line"
      stroke="currentColor"
      strokeWidth="1"
      vectorEffect="non-scaling-stroke"
    />
  ));
}

interface Drawn {
  points: Point[];
  place: (index: number) => number;
  height: (value: number) => number;
}

/** Dots are strokes without a length: the picture is stretched to its place, and circles would be, too. */
function Line({ points, place, height }: Drawn): ReactNode {
  const stroke = { fill: 'none', stroke: 'currentColor', strokeLinecap: 'round', strokeLinejoin: 'round' } as const;
  return runsOf(points).map((run) => (
    <g key={run[0]?.at} {...stroke}>
      <path
        d={run.map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${place(at)} ${height(value)}`).join('')}
        strokeWidth="2"
        vectorEffect="non-scaling-stroke"
      />
      {run.map(({ at, value }) => (
        <path key={at} d={`M${place(at)} ${height(value)}h0`} strokeWidth="6" vectorEffect="non-scaling-stroke" />
      ))}
    </g>
  ));
}

function AsTable({ title, column, points }: { title: string; column: string; points: Point[] }) {
  return (
    <details className="mt-2 text-13">
      <summary className="w-fit rounded-sm text-12 text-ink-muted hover:text-ink">As a table</summary>
      <div className="mt-2 max-h-60 overflow-y-auto">
        <table className="w-full">
          <caption className="sr-only">{title}</caption>
          <thead>
            <tr className="text-left text-12 text-ink-muted">
              <th scope="col" className="py-1 font-medium">
                Day
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                {column}
              </th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(({ day, says }) => (
              <tr key={day}>
                <th scope="row" className="border-t py-1 text-left font-normal">
                  {dayInWords(day)}
                </th>
                <td className="border-t py-1 text-right tabular-nums">{says}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
