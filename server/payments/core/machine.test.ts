import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';
import { legalSteps, moves, next, states, triggers } from './machine.ts';

const triples = states.flatMap((from) => triggers.flatMap((trigger) => states.map((to) => ({ from, trigger, to }))));
const legal = new Set(legalSteps().map(({ from, trigger, to }) => `${from} ${trigger} ${to}`));
const isLegal = ({ from, trigger, to }: (typeof triples)[number]) => legal.has(`${from} ${trigger} ${to}`);

test('the table has the eleven states of the design, and every move leads to one of them', () => {
  assert.equal(states.length, 11);
  for (const out of Object.values(moves))
    for (const to of Object.values(out)) assert.ok((states as string[]).includes(to));
});

test('next follows the table for every state and trigger, and nothing else', () => {
  for (const triple of triples)
    assert.equal(next(triple.from, triple.trigger) === triple.to, isLegal(triple), JSON.stringify(triple));
  assert.equal(triples.filter(isLegal).length, 22);
});

test('TypeScript takes every legal (state, trigger, state) and refuses all others', () => {
  const lines = triples.map(
    ({ from, trigger, to }, n) => `export const x${n}: Exclude<Move<'${from}', '${trigger}'>, undefined> = '${to}';`,
  );
  const source = `import type { Move } from './machine.ts';\n${lines.join('\n')}`;
  const refused = linesWithErrors(source);
  for (const [n, triple] of triples.entries())
    assert.equal(refused.has(n + 1), !isLegal(triple), JSON.stringify(triple));
});

/** Type-checks a text beside the table of moves; the numbers of the lines that do not compile. */
function linesWithErrors(source: string): Set<number> {
  const name = `${import.meta.dirname}/every-triple.ts`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2022,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    lib: ['lib.es2022.d.ts'],
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, language) =>
    file === name ? ts.createSourceFile(file, source, language) : read(file, language);
  host.fileExists = (file) => file === name || ts.sys.fileExists(file);
  host.readFile = (file) => (file === name ? source : readFileSync(file, 'utf8'));
  const program = ts.createProgram([name], options, host);
  const file = program.getSourceFile(name);
  const errors = program.getSemanticDiagnostics(file);
  return new Set(errors.map((error) => (file ? file.getLineAndCharacterOfPosition(error.start ?? 0).line : -1)));
}
