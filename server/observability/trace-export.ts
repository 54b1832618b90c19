import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { ExportResultCode, hrTimeToMilliseconds } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node';
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
export function exporters(service: string): SpanExporter[] {
  const env = readEnv({
    FLORIN_TRACES: { read: text, purpose: 'the folder for trace files', fallback: undefined },
    OTEL_EXPORTER_OTLP_ENDPOINT: { read: url, purpose: 'the URL of an OpenTelemetry collector', fallback: undefined },
  });
  const targets: SpanExporter[] = [];
  if (env.FLORIN_TRACES) targets.push(fileExporter(env.FLORIN_TRACES, service));
  if (env.OTEL_EXPORTER_OTLP_ENDPOINT) targets.push(collector());
  return targets.map(guarded);
}

/** Loaded where it is set alone: it is larger than all else of tracing, and every start would wait for it. */
function collector(): SpanExporter {
  const loaded = import('@opentelemetry/exporter-trace-otlp-http').then((module) => new module.OTLPTraceExporter());
  return {
    export: (spans, done) => void loaded.then((exporter) => exporter.export(spans, done)),
    shutdown: async () => (await loaded).shutdown(),
    forceFlush: async () => (await loaded).forceFlush(),
  };
}

function guarded(target: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => target.export(spans.filter((span) => !noise.test(span.name)).map(guard), done),
    shutdown: () => target.shutdown(),
    forceFlush: async () => target.forceFlush?.(),
  };
}

/** The span with all that may leave the process, and nothing else. */
function guard(span: ReadableSpan): ReadableSpan {
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
    attributes: allowed(attributes, spanFields) as ReadableSpan['attributes'],
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
function fileExporter(folder: string, service: string): SpanExporter {
  let written: Promise<unknown> = Promise.resolve();
  return {
    export(spans, done) {
      const lines = spans.map((span) => `${JSON.stringify(line(span, service))}\n`).join('');
      written = written
        .then(() => mkdir(folder, { recursive: true }))
        .then(() => appendFile(join(folder, `${service}.jsonl`), lines))
        .then(() => done({ code: ExportResultCode.SUCCESS }))
        .catch((error: Error) => done({ code: ExportResultCode.FAILED, error }));
    },
    shutdown: () => written.then(() => undefined),
  };
}

function line(span: ReadableSpan, service: string) {
  return {
    service,
    trace: span.spanContext().traceId,
    span: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId,
    name: span.name,
    kind: SpanKind[span.kind].toLowerCase(),
    start: new Date(hrTimeToMilliseconds(span.startTime)).toISOString(),
    milliseconds: hrTimeToMilliseconds(span.duration),
    failed: span.status.code === SpanStatusCode.ERROR,
    attributes: span.attributes,
    events: span.events.map(({ name }) => name),
  };
}
