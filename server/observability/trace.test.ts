import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { withContext } from './context.ts';
import { makeLog } from './log.ts';
import { continueTrace, inSpan, startTracing, traceHeaders } from './trace.ts';

const card = '4242424242424242';
const folder = await mkdtemp(join(tmpdir(), 'florin-traces-'));
const collected: Buffer[] = [];
const collector = createServer(async (request, response) => {
  for await (const piece of request) collected.push(piece);
  response.end();
});

before(async () => {
  await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening));
  process.env.FLORIN_TRACES = folder;
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});

after(async () => {
  collector.close();
  collector.closeAllConnections();
  await rm(folder, { recursive: true });
});

test('before it is started, tracing does nothing and harms nothing', async () => {
  assert.equal(await inSpan('quiet', { payment: 'p0' }, () => 7), 7);
  await assert.rejects(
    inSpan('quiet', {}, () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.deepEqual(traceHeaders(), {});
  assert.equal(
    continueTrace({ traceparent: 'nonsense' }, () => 7),
    7,
  );
});

test('no exporter is told an attribute off the list, an exception or a card number', async () => {
  const tracing = startTracing({ service: 'test' });
  assert.equal(startTracing({ service: 'other' }), tracing, 'started once per process');
  const lines: string[] = [];
  const log = makeLog('test', { write: (line) => void lines.push(line) });

  await withContext({ payment: 'p1' }, () =>
    inSpan('outer', { provider: 'alder', reason: card, ...{ secret: 'secret-value' } }, async (span) => {
      span.setAttribute('http.url', 'http://h/?secret-value').setAttribute('http.route', '/v1/refunds');
      span.recordException(new Error('secret-value'));
      span.addEvent(`event ${card}`, { secret: 'secret-value' });
      span.updateName(`GET /pay/${card}?secret-value`);
      span.setStatus({ code: 2, message: 'secret-value' });
      log.info({}, 'inside');
      const headers = traceHeaders();
      await continueTrace(headers, () => inSpan('inner', {}, () => undefined));
    }),
  );
  const failing = inSpan('failing', {}, () => Promise.reject(Object.assign(new Error('secret-value'), { code: 'E1' })));
  await assert.rejects(failing);
  trace.getTracer('next').startSpan('load route module').end();
  await tracing.stop();

  const file = await readFile(join(folder, 'test.jsonl'), 'utf8');
  const [inner, outer, failed, ...rest] = file
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(rest, [], 'noise is left out');
  assert.equal(outer.name, 'GET /pay/[redacted]');
  assert.deepEqual(outer.attributes, {
    payment: 'p1',
    provider: 'alder',
    reason: '[redacted]',
    'http.route': '/v1/refunds',
  });
  assert.equal(inner.trace, outer.trace);
  assert.equal(inner.parent, outer.span);
  assert.deepEqual([failed.failed, failed.attributes], [true, { code: 'E1' }]);
  assert.equal(JSON.parse(lines[0] ?? '').trace, outer.trace);

  const sent = Buffer.concat(collected).toString('latin1');
  assert.ok(sent.includes('alder'), 'the collector got the spans');
  for (const text of [file, sent]) {
    assert.equal(text.includes('secret-value'), false);
    assert.equal(text.includes(card), false);
  }
});
