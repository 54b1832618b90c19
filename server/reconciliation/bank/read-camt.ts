import { SaxesParser, type SaxesTagNS } from 'saxes';
import { Refusal } from '#server/kernel/refusal.ts';
import { amountOf, currencyOf, dayOf, type StatementEntry, unreadable } from './statement-entry.ts';

const namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.';
const path = 'Document/BkToCstmrStmt/Stmt/Ntry';
const deepest = 30;

/** An entry's texts by their paths below it, and its amount's currency. */
interface Found {
  start: number;
  currency: string;
  texts: Map<string, string[]>;
}

/**
 * Booked entries of a bank statement by ISO 20022, camt.053.001, of any version. What is pending is left out. No
 * document type is let in, so that no entity can be declared: none grows, and none is fetched.
 *
 * @throws Refusal `invalid_input` that names what cannot be read.
 * @see ISO 20022, BankToCustomerStatement
 */
export function readCamt(content: Buffer): StatementEntry[] {
  const text = textOf(content);
  const parser = new SaxesParser({ xmlns: true });
  const open: string[] = [];
  const entries: StatementEntry[] = [];
  let found: Found | undefined;
  let place = 0;
  let inside = '';

  parser.on('error', (error) => {
    throw bad(`It is no XML: ${error.message.slice(0, 200)}`);
  });
  parser.on('doctype', () => {
    throw bad('A statement has no document type.');
  });
  parser.on('opentag', (tag) => {
    if (open.length === 0) requireStatement(tag);
    if (open.length === deepest) throw bad('It is nested too deeply.');
    open.push(tag.local);
    inside = '';
    if (open.join('/') === path)
      found = { start: text.lastIndexOf('<', parser.position - 1), currency: '', texts: new Map() };
    else if (found && open.length === 5 && tag.local === 'Amt') found.currency = tag.attributes.Ccy?.value ?? '';
  });
  parser.on('text', (part) => {
    inside += part;
  });
  parser.on('cdata', (part) => {
    inside += part;
  });
  parser.on('closetag', () => {
    const below = open.slice(4).join('/');
    open.pop();
    const value = inside.trim();
    inside = '';
    if (!found) return;
    if (below !== '') {
      if (value !== '') add(found, below, value);
      return;
    }
    place += 1;
    const entry = entryOf(found, { line: place, raw: text.slice(found.start, parser.position) });
    if (entry) entries.push(entry);
    found = undefined;
  });
  parser.write(text).close();
  return entries;
}

function entryOf({ currency, texts }: Found, at: { line: number; raw: string }): StatementEntry | undefined {
  const { line } = at;
  const first = (...paths: string[]) => paths.flatMap((one) => texts.get(one) ?? [])[0] ?? '';
  if (first('Sts', 'Sts/Cd') !== 'BOOK') return undefined;
  const direction = first('CdtDbtInd');
  if (direction !== 'CRDT' && direction !== 'DBIT') throw unreadable(line, 'it says neither credit nor debit');
  const code = currencyOf(currency, line);
  const amount = amountOf(first('Amt'), code, line);
  return {
    ...at,
    bookedOn: dayOf(first('BookgDt/Dt', 'BookgDt/DtTm', 'ValDt/Dt', 'ValDt/DtTm'), line),
    // Of a reversal, too, this is the way that the money went.
    amount: direction === 'CRDT' ? amount : -amount,
    currency: code,
    remittance: said.flatMap((one) => texts.get(one) ?? []).join(' '),
  };
}

function add({ texts }: Found, path: string, value: string): void {
  const known = texts.get(path);
  if (known) known.push(value);
  else texts.set(path, [value]);
}

/** Where a payout's name may stand, once a batch is one entry. */
const said = [
  'NtryDtls/TxDtls/RmtInf/Ustrd',
  'NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref',
  'NtryDtls/TxDtls/Refs/EndToEndId',
  'NtryDtls/Btch/PmtInfId',
  'AddtlNtryInf',
  'NtryRef',
];

function requireStatement({ local, uri }: SaxesTagNS): void {
  if (local === 'Document' && uri.startsWith(namespace)) return;
  throw bad('It is no bank statement by camt.053.');
}

function textOf(content: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content);
    const [, encoding = 'UTF-8'] = /^<\?xml[^>]*\sencoding=["']([^"']*)["']/.exec(text) ?? [];
    if (encoding.toUpperCase() === 'UTF-8') return text;
  } catch {
    // Said below.
  }
  throw bad('A statement is written in UTF-8.');
}

function bad(message: string): Refusal {
  return new Refusal('invalid_input', message, { param: 'file' });
}
