import { invariant } from '#server/kernel/invariant.ts';
import { runApi } from '../run.ts';

// The API as it runs, but for one thing: when it passes the named place for the n-th time it kills itself, or stops as
// a frozen machine does: "payments.commit:before#2 SIGKILL".
const [place = '', signal] = (process.env.FLORIN_TEST_FATE ?? '').split(' ');
const [name, nth = '1'] = place.split('#');
invariant(signal === 'SIGKILL' || signal === 'SIGSTOP', 'FLORIN_TEST_FATE names a place and a signal');

let passed = 0;
await runApi({
  failpoint(at) {
    if (at !== name || ++passed !== Number(nth)) return;
    process.kill(process.pid, signal);
    // A signal to oneself arrives at the next turn of the loop: nothing may happen before.
    return new Promise((resolve) => setTimeout(resolve, signal === 'SIGSTOP' ? 50 : 60_000));
  },
});
