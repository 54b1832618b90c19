import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { core, type node } from '@opentelemetry/sdk-node';
import { readEnv, text, url } from '#server/kernel/env.ts';
import { allowed, type Guard, label, logFields, number } from './fields.ts';
import { redact } from './redact.ts';

/** What a span may say: what a log line may, and what Next and HTTP libraries say about a route. Never a whole URL. */
const spanFields: Record<string, Guard> = {
  ...logFields,
  'http.request.method': label,
  'http.response.status_code': number,
  'http.route': label,
  'http.method': label,
  'http.status_code': number,
  'next.route': label,
  'next.rsc': label,
  'next.span_type': label,
  'error.type': label,
};

/** Next makes these by the dozen for each page. Nothing of ours runs inside of them, so no span loses its parent. */
const noise = /^(load|prepare|register|resolve) .*(module|component|instrumentation)s?\b|^start response$/;

/** Where this process's spans go, by its environment. Each of them sees guarded spans alone. */
export function exporters(service: string): node.SpanExporter[] {
  const env = readEnv({
    FLORIN_TRACES: { read: text, purpose: 'the folder for trace files', fallback: undefined },
    OTEL_EXPORTER_OTLP_ENDPOINT: { read: url, purpose: 'the URL of an OpenTelemetry collector', fallback: undefined },
  });
  const targets: node.SpanExporter[] = [];
  if (env.FLORIN_TRACES) targets.push(fileExporter(env.FLORIN_TRACES, service));
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT) targets.push(new OTLPTraceExporter());
  return targets.map(guarded);
}

function guarded(target: node.SpanExporter): node.SpanExporter {
  return {
    export: (spans, done) => target.export(spans.filter((span) => !noise.test(span.name)).map(guard), done),
    shutdown: () => target.shutdown(),
    forceFlush: async () => target.forceFlush?.(),
  };
}

/** The span with all that may leave the process, and nothing else. */
function guard(span: node.ReadableSpan): node.ReadableSpan {
  const attributes = Object.fromEntries(Object.entries(span.attributes).filter(([name]) => name in spanFields));
  return {
    name: redact(span.name.split('?', 1)[0] ?? '').slice(0, 120),
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext ? { parentSpanContext: span.parentSpanContext } : {}),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes: allowed(attributes, spanFields) as node.ReadableSpan['attributes'],
    // An exception's event carries its message and stack: both are in the log, redacted.
    events: span.events.map(({ name, time }) => ({ name: redact(name), time })),
    links: span.links.map(({ context }) => ({ context })),
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}

/** Appends one JSON line per span; several processes of one service may share the file. */
function fileExporter(folder: string, service: string): node.SpanExporter {
  let written: Promise<unknown> = Promise.resolve();
  return {
    export(spans, done) {
      const lines = spans.map((span) => `${JSON.stringify(line(span, service))}\n`).join('');
      written = written
        .then(() => mkdir(folder, { recursive: true }))
        .then(() => appendFile(join(folder, `${service}.jsonl`), lines))
        .then(() => done({ code: core.ExportResultCode.SUCCESS }))
        .catch((error: Error) => done({ code: core.ExportResultCode.FAILED, error }));
    },
    shutdown: () => written.then(() => undefined),
  };
}

function line(span: node.ReadableSpan, service: string) {
  return {
    service,
    trace: span.spanContext().traceId,
    span: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId,
    name: span.name,
    kind: SpanKind[span.kind].toLowerCase(),
    start: new Date(core.hrTimeToMilliseconds(span.startTime)).toISOString(),
    milliseconds: core.hrTimeToMilliseconds(span.duration),
    failed: span.status.code === SpanStatusCode.ERROR,
    attributes: span.attributes,
    events: span.events.map(({ name }) => name),
  };
}
