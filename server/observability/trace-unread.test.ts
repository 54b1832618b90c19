import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeLog } from './log.ts';
import { continueTrace, inSpan, startTracing, traceHeaders } from './trace.ts';

// A process that exports no spans: what it hands on and logs is what one that does would.

delete process.env.FLORIN_TRACES;
delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
delete process.env.OTEL_TRACES_SAMPLER;
startTracing({ service: 'test' });

const parts = () => {
  const [, trace, span, flags] = (traceHeaders().traceparent ?? '').split('-');
  return { trace, span, flags };
};

test('spans that nobody reads have ids of one trace, which are logged and passed on as sampled', async () => {
  const lines: string[] = [];
  const log = makeLog('test', { write: (line) => void lines.push(line) });
  const [outer, inner] = await inSpan('outer', { payment: 'p1' }, async (span) => {
    assert.equal(span.isRecording(), false);
    log.info({}, 'inside');
    return [parts(), await inSpan('inner', {}, parts)] as const;
  });
  assert.match(outer.trace ?? '', /^[0-9a-f]{32}$/);
  assert.equal(inner.trace, outer.trace);
  assert.notEqual(inner.span, outer.span);
  assert.deepEqual([outer.flags, inner.flags], ['01', '01']);
  assert.deepEqual(
    [JSON.parse(lines[0] ?? '')].map(({ trace, span }) => ({ trace, span })),
    [{ trace: outer.trace, span: outer.span }],
  );
  assert.deepEqual(traceHeaders(), {}, 'outside of a span there is none');
});

test("a caller's trace is gone on with, and is sampled where the caller's is", async () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  for (const flags of ['00', '01']) {
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-${flags}`, tracestate: 'vendor=x' };
    const inside = await continueTrace(headers, () => inSpan('inner', {}, () => ({ ...parts(), all: traceHeaders() })));
    assert.deepEqual([inside.trace, inside.flags, inside.all.tracestate], [trace, flags, 'vendor=x']);
    assert.notEqual(inside.span, 'b7ad6b7169203331');
  }
});

test('two traces that begin side by side stay two', async () => {
  const [one, other] = await Promise.all([inSpan('one', {}, parts), inSpan('other', {}, parts)]);
  assert.notEqual(one.trace, other.trace);
});
