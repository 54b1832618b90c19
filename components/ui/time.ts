const steps = [
  { unit: 'year', seconds: 31_557_600 },
  { unit: 'month', seconds: 2_629_800 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

/** "5 min ago", "yesterday", "just now". */
export function ago(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const step = steps.find((one) => Math.abs(seconds) >= one.seconds);
  if (!step) return 'just now';
  return relative.format(Math.trunc(seconds / step.seconds), step.unit).replace('.', '');
}

/** How long, to two places: "42 s", "3 min 20 s", "2 h 5 min", "4 d 1 h". */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  const shown = parts.slice(first, first + 2).filter(([count], place) => place === 0 || count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** "21 Nov 2026, 11:16:05 UTC": the same for everyone who talks about it, and the same as in the logs. */
export function exact(at: Date): string {
  return `${day.format(at)}, ${clock(at)} UTC`;
}

/** "11:16:05" in UTC. */
export function clock(at: Date): string {
  return at.toISOString().slice(11, 19);
}
