import type { Finding } from './examine.ts';

/** What the doctor looked at. */
export interface Looked {
  at: Date;
  /** Host, port and name of the database, without its password. */
  database: string;
  acquirers: readonly string[];
  /** Seconds of grace on a system that is at work; undefined where it was judged as at rest. */
  grace: number | undefined;
}

export interface Report {
  begin(looked: Looked): string;
  line(finding: Finding): string;
  end(findings: readonly Finding[]): string;
}

/** For people. */
export const inWords: Report = {
  begin({ at, database, acquirers, grace }) {
    const books = acquirers.length > 0 ? `the books of ${acquirers.join(' and ')}` : 'no acquirer’s books';
    const asked =
      grace === undefined
        ? 'It is judged as at rest: nothing may be under way.'
        : `It may be at work: what must hold at rest (~) is asked of what nobody has touched for ${grace} seconds.`;
    return `The database ${database} and ${books}, ${at.toISOString()}.\n${asked}\n\n`;
  },
  line({ id, says, rest, breaches, milliseconds }) {
    const mark = breaches === undefined ? '–' : breaches.length === 0 ? '✓' : '✗';
    const took = breaches === undefined ? 'not looked at' : `${milliseconds} ms`;
    const head = `${mark} ${id.padEnd(4)} ${rest ? '~' : ' '} ${says} (${took})\n`;
    return head + (breaches ?? []).map((breach) => `         ${breach.says}\n`).join('');
  },
  end(findings) {
    const broken = findings.filter(({ breaches }) => breaches && breaches.length > 0).map(({ id }) => id);
    const held = findings.filter(({ breaches }) => breaches?.length === 0).length;
    const rest = findings.length - held - broken.length;
    const more = rest > 0 ? `, ${rest} could not be looked at without books` : '';
    const be = broken.length === 1 ? 'is' : 'are';
    return broken.length === 0
      ? `\nAll is well: ${held} invariants hold${more}.\n`
      : `\n${broken.length} of ${findings.length} invariants ${be} broken: ${broken.join(', ')}${more}.\n`;
  },
};

/** For programs: one JSON object per line, the invariants first, then whether all is well. */
export const inJson: Report = {
  begin: () => '',
  line: (finding) => `${JSON.stringify({ ...finding, breaches: finding.breaches ?? null })}\n`,
  end: (findings) => `${JSON.stringify({ well: !isBroken(findings) })}\n`,
};

export function isBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ breaches }) => breaches && breaches.length > 0);
}
