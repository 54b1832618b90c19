import { csv, type SettlementStyle } from './settlement-line.ts';

const columns = 'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id';

/** Commas, minor units, what is taken has a minus, times and days in UTC. */
export const alderStyle: SettlementStyle = {
  dayOf: (at) => at.toISOString().slice(0, 10),
  fileName: (day, nth) => `alder-${day}${nth > 1 ? `-${nth}` : ''}.csv`,
  heading: `${columns}\n`,
  line({ kind, id, capture, key, reference, at, gross, fee, currency, payout }) {
    return `${csv([kind, id, capture, key, reference, at, gross, fee, gross - fee, currency, payout], ',')}\n`;
  },
  end: ({ name, at, lines }) => `${csv(['end', name, '', '', '', at, lines, '', '', '', ''], ',')}\n`,
};
