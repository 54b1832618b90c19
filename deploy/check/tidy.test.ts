import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { test } from 'node:test';

interface Source {
  file: string;
  text: string;
}

const root = join(import.meta.dirname, '../..');
const self = 'deploy/check/tidy.test.ts';
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const code = files.filter((file) => /\.(tsx?|[mc]?js|css)$/.test(file) && file !== self).map(read);
const tests = code.filter(({ file }) => isTest(file));
const product = code.filter(({ file }) => !isTest(file));

interface Ban {
  /** What it must be found in. */
  example: string;
  pattern: RegExp;
  /** Where it is allowed. */
  except?: (file: string) => boolean;
  /** Words that also stand in comments: only code counts. */
  codeOnly?: true;
}

const bans: Record<string, Ban> = {
  'no any': {
    example: 'const x: any = y as any;',
    pattern: /(?::|<|\bas|,|\|)\s*any\b(?=\s*[;,)>\]=|&{[])/,
    codeOnly: true,
  },
  'no non-null assertion': { example: 'rows[0]!.id', pattern: /[\w)\]]!(?=[.;,)[\]])/, codeOnly: true },
  'no silenced compiler': { example: '// @ts-ignore', pattern: /@ts-(?:ignore|nocheck)/ },
  'an expected compile error only in tests': {
    example: '// @ts-expect-error',
    pattern: /@ts-expect-error/,
    except: isTest,
  },
  'no silenced lint': { example: '// biome-ignore lint/a: b', pattern: /biome-ignore(?:-all)? lint|eslint-disable/ },
  'no unfinished work': { example: '// TODO: later', pattern: /\b(?:TODO|FIXME)\b/ },
  'no raw SQL text': { example: 'sql.raw(name)', pattern: /\bsql\.raw\b/ },
  'no module mocks': { example: "mock.module('./x.ts')", pattern: /\bmock\.module\b|\b(?:vi|jest)\.(?:do)?mock\b/i },
  'no barrels': { example: "export * from './x.ts';", pattern: /^export \* from/m },
  'no skipped tests': {
    example: "test.skip('x')",
    pattern: /\b(?:test|it|describe|suite)\.(?:skip|only|todo|fixme)\b/,
  },
  'client code only on leaves': {
    example: "'use client';",
    pattern: /^['"]use client['"]/m,
    except: (file) => file.startsWith('components/') || /^app\/(?:.*\/)?(?:global-)?error\.tsx$/.test(file),
  },
};

for (const [name, ban] of Object.entries(bans)) {
  test(name, () => {
    assert.match(ban.example, ban.pattern);
    assert.deepEqual(
      code.filter((source) => breaks(source, ban)).map(({ file }) => file),
      [],
    );
  });
}

test('no file is named after a layer or after nothing', () => {
  const layer = /(?:^|\/)(?:utils?|helpers?|common|misc|index|services?|types?|shared|lib)(?:\/|\.[a-z.]+$)/;
  for (const name of ['server/utils/x.ts', 'db/index.ts', 'components/types.test.ts']) assert.match(name, layer);
  assert.deepEqual(
    files.filter((file) => layer.test(file)),
    [],
  );
});

test('source files are small, and none is large', () => {
  const sizes = product.map(lines).sort((a, b) => a - b);
  assert.ok(sizes.length > 50, 'the sources were found');
  assert.deepEqual(product.filter((source) => lines(source) > 300).map(describe), []);
  assert.deepEqual(tests.filter((source) => lines(source) > 500).map(describe), []);
  assert.ok(quantile(sizes, 0.5) <= 80, `the median is ${quantile(sizes, 0.5)} lines`);
  assert.ok(quantile(sizes, 0.9) <= 200, `nine in ten have up to ${quantile(sizes, 0.9)} lines`);
});

test('comments fit into 120 columns, where the formatter does not look', () => {
  const wide = code.flatMap(({ file, text }) =>
    text
      .split('\n')
      .flatMap((line, at) => (line.length > 120 && /^\s*(?:\/\/|\/?\*)/.test(line) ? [`${file}:${at + 1}`] : [])),
  );
  assert.deepEqual(wide, []);
});

test('every test file is run by a command', () => {
  const { scripts } = JSON.parse(read('package.json').text) as { scripts: Record<string, string> };
  const globs = Object.values(scripts)
    .join(' ')
    .split(/[\s']+/)
    .filter((word) => word.endsWith('.test.ts'));
  const forgotten = files.filter((file) => file.endsWith('.test.ts') && !globs.some((glob) => matchesGlob(file, glob)));
  assert.deepEqual(forgotten, []);
});

test("a room's README has at most 60 lines", () => {
  const readmes = files.filter((file) => /.\/README\.md$/.test(file)).map(read);
  assert.deepEqual(readmes.filter((source) => lines(source) > 60).map(describe), []);
});

test('the lock file records no download addresses, which belong to one machine', () => {
  const { text } = read('package-lock.json');
  assert.ok(text.includes('"integrity"'));
  assert.doesNotMatch(text, /"resolved"|\.tgz"/);
});

function read(file: string): Source {
  return { file, text: readFileSync(join(root, file), 'utf8') };
}

function isTest(file: string): boolean {
  return /\.(?:test|spec)\.tsx?$/.test(file);
}

function breaks({ file, text }: Source, { pattern, except, codeOnly }: Ban): boolean {
  if (except?.(file)) return false;
  return pattern.test(codeOnly ? text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$|'[^'\n]*'|`[^`$]*`/gm, '') : text);
}

function lines({ text }: Source): number {
  return text.split('\n').length - 1;
}

function describe(source: Source): string {
  return `${source.file} has ${lines(source)} lines`;
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}
