import type { DayFigures } from '#server/reconciliation/questions/view.ts';
import { Plot } from './plot.tsx';
import { type Point, percent, roundTop, shareFloor } from './plot-scale.ts';

/** Matched share and open differences by day, side by side where there is room. */
export function Plots({ days }: { days: DayFigures[] }) {
  const shares = days.map(shareOf);
  const known = shares.flatMap(({ value }) => (value === null ? [] : [value]));
  const floor = shareFloor(Math.min(1, ...known));
  const open = days.map(
    ({ day, open: count }): Point => ({ day, value: count, says: `${count.toLocaleString('en')} open` }),
  );
  const top = roundTop(Math.max(...days.map((day) => day.open)));
  return (
    <div className="mb-8 grid gap-4 lg:grid-cols-2">
      {known.length > 0 && (
        <Plot
          title="Matched share by day"
          points={shares}
          as="line"
          from={floor}
          to={1}
          scale={{ foot: percent(floor), top: '100 %' }}
          column="Matched"
        />
      )}
      <Plot
        title="Open differences by day"
        points={open}
        as="bars"
        from={0}
        to={top}
        scale={{ foot: '0', top: top.toLocaleString('en') }}
        column="Open"
      />
    </div>
  );
}

function shareOf({ day, matching }: DayFigures): Point {
  if (!matching || matching.toMatch === 0) return { day, value: null, says: matching ? 'nothing to match' : 'no file' };
  const { matched, toMatch } = matching;
  const lines = toMatch === 1 ? 'one line' : `${toMatch.toLocaleString('en')} lines`;
  return { day, value: matched / toMatch, says: `${percent(matched / toMatch)} of ${lines}` };
}
