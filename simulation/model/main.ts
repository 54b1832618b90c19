import { parseArgs } from 'node:util';
import { report, reportJson } from './report.ts';
import { machines, mistakes } from './suite.ts';
import { judge } from './verdict.ts';

/**
 * `npm run model`: explores every machine whole and every wrong variant until it breaks; non-zero where one does not.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const explored = machines.map((run) => run());
const found = mistakes.map(({ name, run }) => ({ name, explored: run() }));
const verdict = judge(explored, found);
process.stdout.write(values.json ? reportJson(verdict) : report(verdict));
process.exitCode = verdict.faults.length > 0 ? 1 : 0;
