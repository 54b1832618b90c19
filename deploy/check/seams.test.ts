import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

// Time, chance and waiting come to the rooms through seams (`server/kernel/clock.ts`, `secret.ts`), or a simulation
// could neither hold them nor repeat them. What the machine offers directly is therefore forbidden to them.

const root = join(import.meta.dirname, '../..');

/** Where the originals stand, and why there. */
const allowed: Record<string, string> = {
  'server/kernel/clock.ts': 'the seam of time itself',
  'server/kernel/secret.ts': 'the seam of chance itself',
  'db/time.ts': 'the clock that all processes go by',
  'server/vault/core/time.ts': "the vault's own such clock",
  'server/vault/frame/': "runs in the shopper's browser",
  'server/observability/log.ts': 'the time of a line is for people: no run is told by it',
  'server/observability/health.ts': 'answers the platform that a real process runs on',
  'server/observability/process.ts': 'ends a real process',
  'server/workload/core/certificate.ts': 'real sockets believe real keys alone',
  'db/embedded': 'runs a real PostgreSQL, which no clock of ours can hurry',
};

/** Members of what the machine offers; `*` for all. */
const members: Record<string, string[]> = {
  Date: ['now'],
  Math: ['random'],
  performance: ['*'],
  crypto: ['*'],
  AbortSignal: ['timeout'],
  process: ['nextTick', 'hrtime', 'uptime'],
};
const functions = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
const modules = /^(?:node:)?(?:timers|timers\/promises|perf_hooks)$/;
const chance = /^(?:random|generateKey|getRandomValues|webcrypto)/;
/** What the database would say by itself of time and chance. */
const sql =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|gen_random_uuid|uuidv[47]|random)\s*\(\s*\)|\b(?:current_(?:timestamp|date|time)|localtime(?:stamp)?)\b/i;

/** The originals that a source file reaches for, each with its line. */
function originals(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = originalOf(node);
    if (name) found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${name}`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function originalOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return memberOf(node);
  if (ts.isImportDeclaration(node)) return importOf(node);
  if (ts.isTemplateLiteralToken(node)) return sql.exec(node.text)?.[0];
  if (ts.isIdentifier(node) && functions.includes(node.text) && !isMember(node)) return node.text;
  const isDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date';
  const asked = isDate && (ts.isCallExpression(node) || !node.arguments?.length);
  return asked ? 'the date of now' : undefined;
}

function memberOf(node: ts.PropertyAccessExpression): string | undefined {
  const of = node.expression.getText().replace(/^globalThis\./, '');
  const own = members[of];
  return own?.includes('*') || own?.includes(node.name.text) ? `${of}.${node.name.text}` : undefined;
}

function importOf({ importClause, moduleSpecifier }: ts.ImportDeclaration): string | undefined {
  const from = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
  if (importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return undefined;
  if (modules.test(from)) return from;
  if (!/^(?:node:)?crypto$/.test(from)) return undefined;
  const names = importClause?.namedBindings;
  if (!names || !ts.isNamedImports(names)) return from;
  const bad = names.elements.find((one) => !one.isTypeOnly && chance.test((one.propertyName ?? one.name).text));
  return bad && `${from} ${bad.getText()}`;
}

/** A method of ours that happens to be called like one of the machine's. */
function isMember({ parent }: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(parent) && parent.expression.getText() !== 'globalThis';
}

/** Programs make the seams that they hand to the rooms; tests and what is made for them stand outside. */
function isRoom(file: string): boolean {
  return !/\.test\.ts$|\/testing\/|\/(?:main|run|replay)\.ts$/.test(file);
}

const sources = globSync(['server/**/*.ts', 'db/**/*.ts'], { cwd: root })
  .filter(isRoom)
  .map((file) => ({ file, found: originals(file, readFileSync(join(root, file), 'utf8')) }));

test('rooms take time, chance and waiting from their seams', () => {
  assert.ok(sources.length > 300, 'the sources were found');
  const free = (file: string) => Object.keys(allowed).some((place) => file.startsWith(place));
  assert.deepEqual(
    sources.filter(({ file }) => !free(file)).flatMap(({ found }) => found),
    [],
  );
});

for (const [place, why] of Object.entries(allowed)) {
  test(`the originals in ${place} are still there: ${why}`, () => {
    assert.ok(sources.some(({ file, found }) => file.startsWith(place) && found.length > 0));
  });
}

test('migrations leave time and chance to their callers', () => {
  const migrations = globSync('db/migrations/**/*.sql', { cwd: root });
  assert.ok(migrations.length > 1);
  const statements = (file: string) => readFileSync(join(root, file), 'utf8').replaceAll(/--.*$/gm, '');
  assert.deepEqual(
    migrations.filter((file) => sql.test(statements(file))),
    [],
  );
});

// biome-ignore format: one original per line
const planted: [finds: string, text: string][] = [
  ['Date.now', 'const at = Date.now();'],
  ['Date.now', 'const now = globalThis.Date.now;'],
  ['the date of now', 'const at = new Date();'],
  ['the date of now', 'const at = Date();'],
  ['Math.random', 'if (Math.random() < 0.5) give();'],
  ['performance.now', 'const began = performance.now();'],
  ['crypto.randomUUID', 'const id = crypto.randomUUID();'],
  ['AbortSignal.timeout', 'await request(url, { signal: AbortSignal.timeout(5_000) });'],
  ['process.nextTick', 'process.nextTick(go);'],
  ['process.hrtime', 'const began = process.hrtime.bigint();'],
  ['setTimeout', 'setTimeout(go, 5);'],
  ['setImmediate', 'const soon = setImmediate;'],
  ['queueMicrotask', 'globalThis.queueMicrotask(go);'],
  ['node:timers/promises', "import { scheduler } from 'node:timers/promises';"],
  ['node:perf_hooks', "import { performance } from 'node:perf_hooks';"],
  ['node:crypto randomBytes', "import { createHash, randomBytes } from 'node:crypto';"],
  ['node:crypto randomUUID as id', "import { randomUUID as id } from 'node:crypto';"],
  ['node:crypto', "import * as chance from 'node:crypto';"],
  ['now()', 'await tx`UPDATE payments SET at = now() `;'],
  ['gen_random_uuid()', 'await tx`INSERT INTO payments (id) VALUES (gen_random_uuid())`;'],
  ['CURRENT_TIMESTAMP', 'await tx`SELECT CURRENT_TIMESTAMP`;'],
];

for (const [finds, text] of planted) {
  test(`noticed: ${text}`, () => {
    const name = 'server/risk/plant.ts';
    assert.ok(isRoom(name));
    assert.deepEqual(originals(name, text), [`${name}:1 ${finds}`]);
  });
}

test('what seams offer, and what only looks like an original, is left alone', () => {
  const fine = [
    'const at = clock.now();',
    'const later = new Date(clock.now().getTime() + 5_000);',
    'const forget = clock.after(5, go);',
    `await tx\`UPDATE payments SET at = \${clock.now()}\`;`,
    '// setTimeout, Math.random() and now() are for others',
    "import { createHash, timingSafeEqual } from 'node:crypto';",
    "import { createPrivateKey, type webcrypto } from 'node:crypto';",
    'window.setTimeout = undefined;',
  ];
  assert.deepEqual(originals('server/risk/fine.ts', fine.join('\n')), []);
});
