import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import law from './law.cjs';
import { rooms } from './rooms.cjs';

const root = join(import.meta.dirname, '../..');
const houses = ['app', 'components', 'server', 'db', 'deploy', 'e2e', 'simulation', 'bench'].filter(
  (house) => globSync(house, { cwd: root }).length,
);

/** For each rule a file that breaks it, and what the file imports to do so. */
const planted: Record<string, [file: string, imports: string]> = {
  ...Object.fromEntries(
    rooms.map((room) => [`${room}-sees-only-what-stands-before-it`, [`server/${room}/plant.ts`, beyond(room)]]),
  ),
  'db-sees-only-what-stands-before-it': ['db/plant.ts', '#server/events/door.ts'],
  'no-room-without-a-line': ['server/attic/plant.ts', '#server/kernel/door.ts'],
  'core-is-private': ['server/checkout/deep.ts', '#server/payments/core/inner.ts'],
  'the-table-of-moves-has-four-readers': ['db/schema/ledger.ts', '#server/payments/core/machine.ts'],
  'the-table-of-moves-imports-nothing': ['server/payments/core/machine.ts', '#server/kernel/door.ts'],
  'the-orders-table-of-moves-has-two-readers': ['db/schema/risk.ts', '#server/checkout/core/order-machine.ts'],
  'the-orders-table-of-moves-imports-nothing': ['server/checkout/core/order-machine.ts', '#server/kernel/money.ts'],
  'a-schema-is-opened-by-its-room-alone': ['server/checkout/foreign.ts', '#db/schema/payments.ts'],
  'test-databases-are-for-tests': ['server/checkout/untested.ts', '#db/testing/door.ts'],
  'the-vault-is-imported-by-nobody': ['app/thief.ts', '#server/vault/door.ts'],
  'the-sandbox-is-imported-by-nobody': ['simulation/clients/thief.ts', '#server/sandbox/door.ts'],
  'the-judge-imports-nothing-that-it-judges': ['simulation/judge/partial.ts', '#server/kernel/door.ts'],
  'the-model-shares-the-table-of-moves-alone': ['simulation/model/copied.ts', '#server/payments/door.ts'],
  'the-simulation-sees-rooms-and-what-starts-them': ['simulation/chaos/plant.ts', '#app/door.ts'],
  'the-simulation-is-imported-by-nobody': ['server/risk/rehearsed.ts', '#simulation/judge/door.ts'],
  'the-benchmark-is-imported-by-nobody': ['server/payments/timed.ts', '../../bench/door.ts'],
  'the-doctor-asks-the-judge-alone': ['deploy/doctor/plant.ts', '#simulation/world/door.ts'],
  'the-seed-is-imported-by-nobody': ['db/thief.ts', './seed.ts'],
  'rooms-know-no-framework': ['server/trpc/framed.ts', 'next/headers'],
  'components-know-types-only': ['components/plant.ts', '#server/trpc/door.ts'],
  'components-do-not-see-pages': ['components/upward.ts', '#app/door.ts'],
  'pages-hold-no-sql': ['app/sql.ts', '#db/door.ts'],
  'no-circles': ['server/risk/circle.ts', './round.ts'],
  'every-import-is-found': ['server/risk/lost.ts', './nowhere.ts'],
  'every-package-is-named': ['server/risk/unnamed.ts', 'acorn'],
  'the-product-runs-without-development-packages': ['server/risk/borrowed.ts', 'typescript'],
  'the-judge-runs-without-development-packages': ['simulation/judge/borrowed.ts', 'typescript'],
};

/** More files that a rule must notice, where it forbids more than one thing. */
const alsoPlanted: [rule: string, file: string, imports: string][] = [
  ['core-is-private', 'simulation/world/deep.ts', '#server/sandbox/core/inner.ts'],
  ['core-is-private', 'simulation/races/deep.ts', '#server/payments/core/inner.ts'],
  ['the-table-of-moves-has-four-readers', 'simulation/world/moves.ts', '#server/payments/core/machine.ts'],
  ['the-judge-imports-nothing-that-it-judges', 'simulation/judge/moves.ts', '#server/payments/core/machine.ts'],
  ['the-judge-imports-nothing-that-it-judges', 'simulation/judge/friend.ts', '#simulation/world/door.ts'],
  ['the-judge-imports-nothing-that-it-judges', 'simulation/judge/pool.ts', '#db/door.ts'],
  ['the-model-shares-the-table-of-moves-alone', 'simulation/model/friend.ts', '#simulation/judge/door.ts'],
  ['a-schema-is-opened-by-its-room-alone', 'simulation/world/tables.ts', '#db/schema/payments.ts'],
  ['the-vault-is-imported-by-nobody', 'simulation/world/thief.ts', '#server/vault/door.ts'],
  ['the-simulation-is-imported-by-nobody', 'deploy/local/rehearsed.ts', '#simulation/judge/door.ts'],
  ['the-benchmark-is-imported-by-nobody', 'deploy/local/timed.ts', '../../bench/door.ts'],
  ['the-benchmark-is-imported-by-nobody', 'app/timed.ts', '../bench/door.ts'],
];

const allPlanted = [
  ...Object.entries(planted).map(([rule, [file, imports]]) => [rule, file, imports] as const),
  ...alsoPlanted,
];

/** A room for each kind of import that the law allows: it must stay silent here. */
const lawful: Record<string, string> = {
  'server/payments/lawful.ts':
    "import '#server/ledger/door.ts';\nimport '#db/schema/payments.ts';\nimport './core/machine.ts';\nimport 'postgres';",
  'server/vault/lawful.ts': "import '#server/workload/door.ts';\nimport '#db/schema/vault.ts';\nimport 'undici';",
  'server/vault/verdict.test.ts': "import '#server/providers/door.ts';",
  'server/checkout/lawful.test.ts': "import '#db/testing/door.ts';",
  'db/schema/events.ts': "import '#server/payments/core/machine.ts';",
  'db/seed.ts': "import '#server/risk/door.ts';",
  'components/lawful.ts':
    "import type { door } from '#server/trpc/door.ts';\nimport '#server/kernel/money.ts';\nexport type Door = typeof door;",
  'simulation/world/lawful.ts':
    "import '#server/sandbox/door.ts';\nimport '#server/composition/door.ts';\nimport '#db/testing/door.ts';",
  'simulation/chaos/lawful.ts': "import '#deploy/testing/door.ts';\nimport '#simulation/judge/door.ts';",
  'simulation/judge/lawful.ts': "import './door.ts';\nimport 'postgres';\nimport 'node:util';",
  'simulation/judge/lawful.test.ts': "import '#db/testing/door.ts';",
  'simulation/model/lawful.ts': "import '#server/payments/core/machine.ts';\nimport './door.ts';",
  'deploy/doctor/lawful.ts': "import '#simulation/judge/door.ts';",
  'app/lawful.ts': "import '#server/trpc/door.ts';\nimport '#components/door.ts';",
  'bench/lawful.ts': "import './door.ts';\nimport '#server/composition/door.ts';",
};

const doors = [
  ...rooms.map((room) => `server/${room}/door.ts`),
  ...['payments', 'vault'].map((room) => `db/schema/${room}.ts`),
  ...['judge', 'model', 'world'].map((room) => `simulation/${room}/door.ts`),
  'deploy/testing/door.ts',
  'server/payments/core/inner.ts',
  'server/sandbox/core/inner.ts',
  'server/kernel/money.ts',
  'db/door.ts',
  'db/testing/door.ts',
  'components/door.ts',
  'app/door.ts',
  'bench/door.ts',
];

let scratch: string;
before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'florin-law-'));
  for (const file of ['package.json', 'tsconfig.json', 'deploy/check/law.cjs', 'deploy/check/rooms.cjs']) {
    await cp(join(root, file), join(scratch, file));
  }
  await symlink(join(root, 'node_modules'), join(scratch, 'node_modules'));
  for (const door of doors) await plant(door, 'export const door = 1;');
  for (const [file, text] of Object.entries(lawful)) await plant(file, text);
  for (const [, file, imports] of allPlanted) await plant(file, `import '${imports}';`);
  await plant('server/risk/round.ts', "import './circle.ts';");
});
after(() => rm(scratch, { recursive: true, force: true }));

test('each rule of the law has a planted violation, and finds it', async () => {
  const found = (await cruise(scratch, ['app', 'components', 'server', 'db', 'deploy', 'simulation', 'bench']))
    .violations;
  const names = law.forbidden.map((rule: { name: string }) => rule.name);
  assert.deepEqual(Object.keys(planted).sort(), [...names].sort());
  for (const [rule, file] of allPlanted) {
    assert.ok(found.has(`${rule} ${file}`), `${rule} did not notice ${file}`);
  }
  for (const file of Object.keys(lawful)) {
    assert.deepEqual(
      [...found].filter((line) => line.endsWith(` ${file}`)),
      [],
    );
  }
});

test('the law holds, and every source file was read for it', async () => {
  const { violations, modules } = await cruise(root, houses);
  assert.deepEqual([...violations], []);
  const sources = globSync(
    houses.map((house) => `${house}/**/*.{ts,tsx,mjs,cjs}`),
    // The benchmark's peers have packages in a folder of their own.
    { cwd: root, exclude: (path) => path.endsWith('node_modules') },
  );
  assert.ok(sources.length > 50, 'the house is not empty');
  assert.deepEqual(
    sources.filter((file) => !modules.has(file)),
    [],
  );
});

test('every room has a line in the law', async () => {
  const folders = await readdir(join(root, 'server'));
  assert.deepEqual(
    folders.filter((name) => !rooms.includes(name)),
    [],
  );
});

/** A door that does not stand before the room. */
function beyond(room: string): string {
  if (room === 'providers' || room === 'vault') return '#db/door.ts';
  return room === 'jobs' ? '#server/api/door.ts' : '#server/jobs/door.ts';
}

async function plant(file: string, text: string): Promise<void> {
  const path = join(scratch, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${text}\n`);
}

interface Cruised {
  modules: { source: string }[];
  summary: { violations: { from: string; rule: { name: string } }[] };
}

/** The same program and configuration as `npm run check:law`. */
async function cruise(cwd: string, paths: string[]) {
  const program = join(root, 'node_modules/.bin/depcruise');
  const args = ['--config', 'deploy/check/law.cjs', '--output-type', 'json', ...paths];
  const text = await new Promise<string>((resolve, reject) => {
    execFile(program, args, { cwd, maxBuffer: 1 << 28 }, (error, stdout) => (stdout ? resolve(stdout) : reject(error)));
  });
  const { modules, summary } = JSON.parse(text) as Cruised;
  return {
    modules: new Set(modules.map(({ source }) => source)),
    violations: new Set(summary.violations.map(({ from, rule }) => `${rule.name} ${from}`)),
  };
}
