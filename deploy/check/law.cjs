const { rooms, visible } = require('./rooms.cjs');

// Only doors are open: `core/` is a room's own, `db/schema/<room>.ts` its tables, `testing/` for tests.
const folder = (room) => (room === 'db' ? '^db/' : `^server/${room}/`);
const ours = '^(server|db|components|app|deploy|e2e)/';
const tests = String.raw`(\.test\.ts$|/testing/|^e2e/)`;
const frameworks = 'node_modules/(next|next-[a-z-]+|react|react-dom|server-only|client-only)/';
// Programs that fill or shape a database: they stand at the end of the order, and nobody imports them.
const seed = String.raw`^db/seed\.ts$`;
// Holds the vault's words for trouble against those of the connectors, whose code the vault never sees.
const agreement = String.raw`^server/vault/verdict\.test\.ts$`;
const configuration = String.raw`\.config\.[jt]s$`;
const machine = String.raw`^server/payments/core/machine\.ts$`;
const orderMachine = String.raw`^server/checkout/core/order-machine\.ts$`;

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
      name: 'the-table-of-moves-has-three-readers',
      comment: 'Its room, and the two schemas whose CHECK and types are made from it.',
      severity: 'error',
      from: { pathNot: ['^server/payments/', String.raw`^db/schema/(payments|events)\.ts$`] },
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
      to: { path: '^db/schema/', pathNot: [String.raw`^db/schema/$1\.ts$`] },
    },
    {
      name: 'test-databases-are-for-tests',
      severity: 'error',
      from: { pathNot: tests },
      to: { path: '/testing/' },
    },
    {
      name: 'vault-and-sandbox-are-imported-by-nobody',
      severity: 'error',
      from: { path: '^(?!server/(vault|sandbox)/)' },
      to: { path: '^server/(vault|sandbox)/' },
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
