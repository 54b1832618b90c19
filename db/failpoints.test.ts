import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { failpoints, whatCommits } from './failpoints.ts';

const root = join(import.meta.dirname, '..');
/** The seam itself, and the rights that are brought about before any process runs. */
const begins = ['db/transaction.ts', 'db/grants.ts'];

interface Found {
  /** A label, and the room that has it. */
  labels: { label: string; room: string }[];
  /** What keeps the list from being complete, in words. */
  faults: string[];
}

/** What one source file says of transactions. */
function read(file: string, text: string): Found {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Found = { labels: [], faults: [] };
  const fault = (node: ts.Node, words: string) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.faults.push(`${file}:${line + 1} ${words}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'transact') {
      const call = callOf(node);
      const [label] = call?.arguments ?? [];
      if (label && ts.isStringLiteral(label)) found.labels.push({ label: label.text, room: roomOf(file) });
      else if (call) fault(node, 'names its transaction by what is no literal');
      else if (!isHandedOn(node)) fault(node, 'gives the transaction seam another name');
    }
    if (
      ts.isCallExpression(node) &&
      node.expression.getText() === 'makeTransact' &&
      nameOf(node.parent) !== 'transact'
    ) {
      fault(node, 'gives the transaction seam another name');
    }
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'begin' && !begins.includes(file)) {
      fault(node, 'begins a transaction beside the seam');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The call `transact(…)` or `room.transact(…)`, if the name stands in one. */
function callOf(name: ts.Identifier): ts.CallExpression | undefined {
  const called = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
  return ts.isCallExpression(called.parent) && called.parent.expression === called ? called.parent : undefined;
}

/** Under its own name: as a member, a parameter, a part of an object or a variable. */
function isHandedOn({ parent }: ts.Identifier): boolean {
  if (ts.isBindingElement(parent)) return parent.propertyName === undefined;
  const shapes = [ts.isShorthandPropertyAssignment, ts.isPropertySignature, ts.isParameter, ts.isVariableDeclaration];
  return shapes.some((is) => is(parent)) || (ts.isPropertyAssignment(parent) && parent.initializer !== parent.name);
}

/** What a variable or a part of an object is called. */
function nameOf(node: ts.Node): string | undefined {
  return ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) ? node.name.getText() : undefined;
}

function roomOf(file: string): string {
  return /^server\/([^/]+)\//.exec(file)?.[1] ?? 'db';
}

/** Why the list is not what the sources say; nothing where it is. */
function disagreements(listed: readonly string[], sources: [file: string, text: string][]): string[] {
  const found = sources.map(([file, text]) => read(file, text));
  const labels = found.flatMap((one) => one.labels);
  const times = Map.groupBy(labels, ({ label }) => label);
  return [
    ...found.flatMap(({ faults }) => faults),
    ...listed.filter((label) => !times.has(label)).map((label) => `${label} is listed, and no transaction`),
    ...[...times.keys()].filter((label) => !listed.includes(label)).map((label) => `${label} is not listed`),
    ...[...times].filter(([, all]) => all.length > 1).map(([label]) => `${label} names more than one place`),
    ...labels
      .filter(({ label, room }) => !label.startsWith(`${room}.`))
      .map(({ label }) => `${label} is not its room's`),
  ];
}

test('every transaction of the rooms is on the list, and whatever is on it is one place in one room', () => {
  const files = globSync(['server/**/*.ts', 'db/**/*.ts'], { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts') && !file.includes('/testing/'),
  );
  const sources = files.map((file): [string, string] => [file, readFileSync(join(root, file), 'utf8')]);
  assert.ok(sources.length > 300, 'the sources were found');
  assert.deepEqual(disagreements(failpoints, sources), []);
});

// biome-ignore format: one slip per line
const slips: [what: string, says: RegExp, text: string][] = [
  ['a label that is not listed', /^payments\.new is not listed/, "transact('payments.new', f);"],
  ['a label that is computed', /^server\/payments\/plant\.ts:1 names its transaction by what is no literal/, 'room.transact(label, f);'],
  ['no label', /by what is no literal/, 'transact();'],
  ['a label used twice', /^payments\.commit names more than one place/, "transact('payments.commit', f); seams.transact('payments.commit', f);"],
  ["another room's label", /^payments\.commit is not its room's/, "transact('payments.commit', f);"],
  ['a seam under another name', /gives the transaction seam another name/, 'const { transact: write } = room;'],
  ['a seam taken out of its room', /gives the transaction seam another name/, 'const write = room.transact;'],
  ['a seam that is made under another name', /gives the transaction seam another name/, 'const write = makeTransact(sql);'],
  ['a transaction of its own', /begins a transaction beside the seam/, 'await sql.begin(f);'],
];

for (const [what, says, text] of slips) {
  test(`${what} is noticed`, () => {
    const file = `server/${what.includes('another room') ? 'risk' : 'payments'}/plant.ts`;
    const said = disagreements(['payments.commit'], [[file, text]]).filter((words) => says.test(words));
    assert.equal(said.length, 1);
  });
}

test('a label that nobody uses any more is noticed', () => {
  assert.deepEqual(disagreements(['payments.gone'], []), ['payments.gone is listed, and no transaction']);
});

test('the list is in order, of one style, and says of each what it commits', () => {
  assert.deepEqual(failpoints, failpoints.toSorted());
  for (const label of failpoints) {
    assert.match(label, /^[a-z]+\.[a-z]+(?:-[a-z]+)*$/);
    assert.match(whatCommits(label), /^[A-Z].{10,110}\.$/);
  }
});
