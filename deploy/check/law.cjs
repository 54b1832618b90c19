const { rooms, visible } = require('./rooms.cjs');

// Only doors are open: `core/` is a room’s own, `db/schema/<room>.ts` and `<room>-<part>.ts` its tables, `testing/` for
// tests.
const folder = (room) => (room === 'db' ? '^db/' : `^server/${room}/`);
const ours = '^(server|db|components|app|deploy|e2e|simulation|bench)/';
const tests = String.raw`(\.test\.ts$|/testing/|^e2e/|^simulation/)`;
const frameworks = 'node_modules/(next|next-[a-z-]+|react|react-dom|server-only|client-only)/';
// Programs that fill or shape a database: they stand at the end of the order, and nobody imports them.
const seed = String.raw`^db/seed\.ts$`;
// Holds the vault's words for trouble against those of the connectors, whose code the vault never sees.
const agreement = String.raw`^server/vault/verdict\.test\.ts$`;
const configuration = String.raw`\.config\.[jt]s$`;
const machine = String.raw`^server/payments/core/machine\.ts$`;
const orderMachine = String.raw`^server/checkout/core/order-machine\.ts$`;
// A judge and a model that shared code with what they judge would share its mistakes. Their tests may stage what they
// judge.
const judge = { path: '^simulation/judge/', pathNot: String.raw`\.test\.ts$` };
const model = { path: '^simulation/model/', pathNot: String.raw`\.test\.ts$` };
const doctor = '^deploy/doctor[./]';

const orderOfRooms = [...rooms, 'db'].map((room) => ({
  name: `${room}-sees-only-what-stands-before-it`,
  severity: 'error',
  from: {
    path: folder(room),
    ...(room === 'db' && { pathNot: seed }),
    ...(room === 'vault' && { pathNot: agreement }),
  },
  to: {
    path: ours,
    pathNot: [
      folder(room),
      ...visible(room).map(folder),
      // The schema and the test database have rules of their own below.
      '^db/schema/',
      '^db/testing/',
      ...(room === 'db' ? [machine, orderMachine] : []),
    ],
  },
}));

module.exports = {
  forbidden: [
    ...orderOfRooms,
    {
      name: 'no-room-without-a-line',
      comment: 'A new folder in server/ gets its place in the order above first.',
      severity: 'error',
      from: { path: '^server/', pathNot: rooms.map(folder) },
      to: {},
    },
    {
      name: 'core-is-private',
      severity: 'error',
      from: { path: '^(?:server/)?([^/]+)/' },
      to: { path: '^server/[^/]+/core/', pathNot: ['^server/$1/core/', machine, orderMachine] },
    },
    {
      name: 'the-table-of-moves-has-four-readers',
      comment: 'Its room, the two schemas whose CHECK and types are made from it, and the model that explores it.',
      severity: 'error',
      from: { pathNot: ['^server/payments/', String.raw`^db/schema/(payments|events)\.ts$`, '^simulation/model/'] },
      to: { path: machine },
    },
    {
      name: 'the-table-of-moves-imports-nothing',
      severity: 'error',
      from: { path: machine },
      to: {},
    },
    {
      name: 'the-orders-table-of-moves-has-two-readers',
      comment: 'Its room, and the schema whose CHECKs and types are made from it.',
      severity: 'error',
      from: { pathNot: ['^server/checkout/', String.raw`^db/schema/checkout\.ts$`] },
      to: { path: orderMachine },
    },
    {
      name: 'the-orders-table-of-moves-imports-nothing',
      severity: 'error',
      from: { path: orderMachine },
      to: {},
    },
    {
      name: 'a-schema-is-opened-by-its-room-alone',
      severity: 'error',
      from: { path: '^(?:server/)?([^/]+)/', pathNot: '^db/' },
      to: { path: '^db/schema/', pathNot: [String.raw`^db/schema/$1\.ts$`, String.raw`^db/schema/$1-[a-z]+\.ts$`] },
    },
    {
      name: 'test-databases-are-for-tests',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '/testing/' },
    },
    {
      name: 'the-vault-is-imported-by-nobody',
      severity: 'error',
      from: { pathNot: '^server/vault/' },
      to: { path: '^server/vault/' },
    },
    {
      name: 'the-sandbox-is-imported-by-nobody',
      comment: 'The simulated world holds acquirers in its own process, by their doors.',
      severity: 'error',
      from: { pathNot: ['^server/sandbox/', '^simulation/world/'] },
      to: { path: '^server/sandbox/' },
    },
    {
      name: 'the-judge-imports-nothing-that-it-judges',
      comment: 'What it knows of the rules is written from the specification, not read from the code.',
      severity: 'error',
      from: judge,
      to: { path: ours, pathNot: '^simulation/judge/' },
    },
    {
      name: 'the-model-shares-the-table-of-moves-alone',
      severity: 'error',
      from: model,
      to: { path: ours, pathNot: ['^simulation/model/', machine] },
    },
    {
      name: 'the-simulation-sees-rooms-and-what-starts-them',
      comment: 'Browsers are another proof; of deploy/ it needs what starts real processes.',
      severity: 'error',
      from: { path: '^simulation/' },
      to: { path: '^(app|components|deploy|e2e|bench)/', pathNot: '^deploy/(local|testing)/' },
    },
    {
      name: 'the-simulation-is-imported-by-nobody',
      severity: 'error',
      from: { pathNot: ['^simulation/', doctor] },
      to: { path: '^simulation/' },
    },
    {
      name: 'the-benchmark-is-imported-by-nobody',
      comment: 'It measures the product as it is: what only it needs is no part of that.',
      severity: 'error',
      from: { pathNot: '^bench/' },
      to: { path: '^bench/' },
    },
    {
      name: 'the-doctor-asks-the-judge-alone',
      severity: 'error',
      from: { path: doctor },
      to: { path: '^simulation/', pathNot: '^simulation/judge/' },
    },
    {
      name: 'the-seed-is-imported-by-nobody',
      comment: 'It is a program, which may call the rooms that stand after the database.',
      severity: 'error',
      from: {},
      to: { path: seed },
    },
    {
      name: 'rooms-know-no-framework',
      severity: 'error',
      from: { path: '^(server|db)/' },
      to: { path: frameworks },
    },
    {
      name: 'components-know-types-only',
      comment: 'How money is written is the one thing that a browser and a server must do alike.',
      severity: 'error',
      from: { path: '^components/' },
      to: {
        path: '^(server|db)/',
        pathNot: String.raw`^server/kernel/money\.ts$`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'components-do-not-see-pages',
      severity: 'error',
      from: { path: '^components/' },
      to: { path: '^(app|deploy|e2e)/' },
    },
    {
      name: 'pages-hold-no-sql',
      severity: 'error',
      from: { path: '^app/' },
      to: { path: '^(db|deploy|e2e)/' },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-is-found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'every-package-is-named',
      comment: 'What package.json does not name may be gone after the next install.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'the-product-runs-without-development-packages',
      severity: 'error',
      from: {
        path: '^(server|db|app|components|deploy)/',
        pathNot: [tests, configuration, '^deploy/check/', '^deploy/install/'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-judge-runs-without-development-packages',
      comment: 'The doctor takes it to live databases.',
      severity: 'error',
      from: judge,
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`^(\.next|\.florin)/` },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
