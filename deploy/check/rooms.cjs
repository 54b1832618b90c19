/**
 * Where each room stands. A room sees only the rooms of the lines before its own; those of one line do not see each
 * other.
 */
const order = [
  ['kernel'],
  ['observability'],
  ['db'],
  ['workload', 'auth', 'idempotency', 'events'],
  ['alerts'],
  ['vault-client', 'ledger', 'risk', 'routing'],
  ['providers'],
  ['payments'],
  ['checkout', 'figures'],
  ['webhooks', 'reconciliation'],
  ['composition'],
  ['api', 'trpc', 'jobs'],
];

/** Rooms that stand beside the order: what they see. Nobody sees them. */
const beside = {
  vault: ['kernel', 'observability', 'workload'],
  sandbox: ['kernel', 'observability'],
};

/** What a room does not see although it stands before it: a call to a provider is never made inside a transaction. */
const blind = { providers: ['db'] };

const rooms = [...order.flat().filter((room) => room !== 'db'), ...Object.keys(beside)];

function visible(room) {
  if (beside[room]) return beside[room];
  const line = order.findIndex((names) => names.includes(room));
  return order
    .slice(0, line)
    .flat()
    .filter((other) => !blind[room]?.includes(other));
}

module.exports = { rooms, visible };
