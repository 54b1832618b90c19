import { answerOnce, type Work } from '#server/api/idempotency.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { IntentView } from '#server/payments/view.ts';
import type { Cast, Scene } from '../cast.ts';
import type { Process } from '../process.ts';
import { calm, type Weather } from '../wire.ts';

const rough: Weather = { lost: 0.05, unanswered: 0.15, late: 0.05, refused: 0.2 };

/** However often a request is sent, and wherever it arrives: it is done once, and another one under its key is not. */
export const oneKey: Scene = {
  name: 'one-key',
  about: 'one request sent twice under one key and a different one under it too, at three processes',
  given: { payments: 1, state: 'authorized', amount: 10n },
  weather: (dice) => (dice.chance('rough', 0.4) ? rough : calm),
  begin(cast) {
    const verb = cast.dice.chance('create', 0.5) ? 'create' : 'capture';
    const twins = [0, 1, 2].map((n) => send(cast, cast.api(n), { verb, body: n === 2 ? 'other' : 'same' }));
    // Somebody always comes back, and is told what has become of it.
    void Promise.all(twins).then(() => comeBack(cast, verb));
  },
};

interface Sent {
  verb: 'create' | 'capture';
  body: 'same' | 'other';
}

/** Longer than a key is held for somebody who may be at work on it. */
const longest = 200_000;

async function comeBack(cast: Cast, verb: Sent['verb']): Promise<void> {
  const { schedule, answers } = cast;
  await new Promise<void>((ring) => schedule.alarm('client', { what: 'comes back much later', ms: longest, ring }));
  const body = answers.find(({ yes }) => yes)?.asked.body === 'other' ? 'other' : 'same';
  await send(cast, cast.api(0), { verb, body });
  if (!answers.some(({ yes }) => yes)) await send(cast, cast.api(0), { verb, body: 'other' });
}

/** As the public API does it: the key is recalled, claimed by the verb's own commit, and given its answer. */
function send(cast: Cast, process: Process, sent: Sent): Promise<void> {
  const { fixture, schedule, ask } = cast;
  const key = 'the key';
  return ask(process, { ...sent, key }, async () => {
    const request = `req_${process.name} at ${schedule.now}`;
    const { merchantId } = fixture.caller;
    const claim: Claim = { merchantId, key, fingerprint: sha256(`${sent.verb} ${sent.body}`), request };
    const work =
      sent.verb === 'create' ? creating(cast, process, { sent, claim }) : capturing(cast, process, { sent, claim });
    const { body } = await answerOnce(process.keys, claim, { request, work });
    return JSON.parse(body) as { id: string; is: string };
  });
}

type Asked = { sent: Sent; claim: Claim };

function creating({ fixture: { caller } }: Cast, { payments }: Process, { sent, claim }: Asked): Work<IntentView> {
  const amount = sent.body === 'same' ? 7n : 8n;
  return {
    async act() {
      const { id } = await payments.create(caller, { amount, currency: 'EUR', claim });
      return payments.confirm(caller, { intentId: id, token: 'pm_1' });
    },
    recover: ({ id }) => payments.intent(caller, id),
    show,
  };
}

function capturing({ fixture }: Cast, { payments }: Process, { sent, claim }: Asked): Work<IntentView> {
  const { caller } = fixture;
  const { id: paymentId = '', intentId = '' } = fixture.payments[0] ?? {};
  const amount = sent.body === 'same' ? 10n : 4n;
  return {
    async act() {
      await payments.capture(caller, { paymentId, amount, claim });
      return payments.intent(caller, intentId);
    },
    recover: () => payments.intent(caller, intentId),
    show,
  };
}

function show({ id, payment }: IntentView) {
  const underway = payment?.operations.some(({ closedAt }) => closedAt === null) ?? false;
  return { status: 200, body: { id, is: payment?.state }, about: {}, underway };
}
