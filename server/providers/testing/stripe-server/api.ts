import { Fault } from './fault.ts';
import type { Fields } from './form.ts';
import { cancel, capture, create, type Desk } from './intents.ts';
import type { Intent } from './ledger.ts';
import type { AskKind } from './levers.ts';
import { refund } from './refunds.ts';
import { shown } from './render.ts';

/** One request to the API, and what it is in the words of our contract. */
export interface Route {
  kind: AskKind;
  answer(fields: Fields, key: string): object;
}

/** The API's routes, as far as they are spoken here; undefined for all others. */
export function routeOf(method: string, path: string, desk: Desk): Route | undefined {
  const [, version, resource, id, verb] = path.split('/');
  if (version !== 'v1') return undefined;
  switch (`${method} ${resource} ${id ? 'one' : ''} ${verb ?? ''}`.trimEnd()) {
    case 'POST payment_intents':
      return { kind: 'authorize', answer: (fields, key) => shown(create(fields, key, desk)) };
    case 'POST payment_intents one capture':
      return { kind: 'capture', answer: (fields, key) => onIntent(id, capture, { fields, key, desk }) };
    case 'POST payment_intents one cancel':
      return { kind: 'void', answer: (fields, key) => onIntent(id, cancel, { fields, key, desk }) };
    case 'POST refunds':
      return { kind: 'refund', answer: (fields, key) => shown(refund(fields, key, desk)) };
    case 'GET payment_intents one':
      return { kind: 'inquire', answer: (fields) => shown(intentOf(id, desk), expandOf(fields)) };
    case 'GET payment_intents':
      return { kind: 'inquire', answer: (fields) => listIntents(fields, desk) };
    case 'GET refunds':
      return { kind: 'inquire', answer: (fields) => listRefunds(fields, desk) };
    default:
      return undefined;
  }
}

type Verb = (intent: Intent, fields: Fields, at: { key: string; desk: Desk }) => Intent;

function onIntent(id: string | undefined, verb: Verb, at: { fields: Fields; key: string; desk: Desk }): object {
  return shown(verb(intentOf(id, at.desk), at.fields, at), expandOf(at.fields));
}

function intentOf(id: string | undefined, { ledger }: Desk): Intent {
  const intent = ledger.intents.get(id ?? '');
  if (intent) return intent;
  const message = `No such payment_intent: '${id}'`;
  throw new Fault(404, { type: 'invalid_request_error', code: 'resource_missing', message, param: 'intent' });
}

function expandOf(fields: Fields): string[] {
  return Object.values(fields.marks('expand'));
}

/** Newest first, between two moments. */
function listIntents(fields: Fields, { ledger }: Desk): object {
  const { gte, lte } = fields.marks('created');
  const found = [...ledger.intents.values()]
    .filter(({ created }) => created >= Number(gte ?? 0) && created <= Number(lte ?? Number.POSITIVE_INFINITY))
    .reverse();
  return page('/v1/payment_intents', found, fields);
}

function listRefunds(fields: Fields, { ledger }: Desk): object {
  const charge = fields.text('charge');
  const found = ledger.refunds.filter((one) => charge === undefined || one.charge === charge).reverse();
  return page('/v1/refunds', found, fields);
}

function page(url: string, all: readonly Parameters<typeof shown>[0][], fields: Fields): object {
  const after = fields.text('starting_after');
  const found = after === undefined ? all : all.slice(all.findIndex(({ id }) => id === after) + 1);
  const limit = Number(fields.text('limit') ?? 10);
  const data = found.slice(0, limit).map((one) => shown(one));
  return { object: 'list', url, has_more: found.length > limit, data };
}
