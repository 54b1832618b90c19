import { context, propagation, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { readEnv, text } from '#server/kernel/env.ts';
import { currentContext } from './context.ts';
import { type Fields, label } from './fields.ts';
import { processWide } from './process-wide.ts';
import { exporters } from './trace-export.ts';
import { UnreadProvider } from './trace-unread.ts';

export interface Tracing {
  /** Writes what is still held, then stops; at most five seconds. */
  stop(): Promise<void>;
}

/**
 * Starts tracing for this process, once: a second call gets the first one's handle. Spans go to
 * `$FLORIN_TRACES/<service>.jsonl` and to `OTEL_EXPORTER_OTLP_ENDPOINT`; with neither set, ids are still made and
 * passed on, so that log lines of different processes meet. Without this call every door here only runs its function.
 */
export function startTracing({ service }: { service: string }): Tracing {
  return processWide('tracing', () => {
    const readers = exporters(service);
    const Provider = readers.length > 0 || isSampled() ? NodeTracerProvider : UnreadProvider;
    const provider = new Provider({
      resource: resourceFromAttributes({ 'service.name': service }),
      spanProcessors: readers.map(
        (exporter) => new BatchSpanProcessor(exporter, { scheduledDelayMillis: 500, exportTimeoutMillis: 4000 }),
      ),
    });
    // Trace Context alone: the default would also pass on a stranger's baggage.
    provider.register({ propagator: new W3CTraceContextPropagator() });
    return { stop: () => provider.shutdown() };
  });
}

/**
 * Runs `fn` in a span of its own, which also carries the fields of `withContext`. What it throws marks the span as
 * failed, with the error's code, and flies on.
 *
 * @param name        Fixed words, such as `vault.egress`; never a value.
 * @param attributes  Fields of the log's allow-list; others do not leave the process.
 */
export function inSpan<T>(name: string, attributes: Fields, fn: (span: Span) => T | Promise<T>): Promise<T> {
  return tracer().startActiveSpan(name, async (span) => {
    if (span.isRecording()) span.setAttributes(plain({ ...currentContext(), ...attributes }));
    try {
      return await fn(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('code', codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Headers that let the called process continue this trace; none outside of a span. W3C Trace Context. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** Runs `fn` as a part of the caller's trace, where the request's headers name one. */
export function continueTrace<T>(headers: Record<string, string | string[] | undefined>, fn: () => T): T {
  return headers.traceparent === undefined ? fn() : context.with(propagation.extract(context.active(), headers), fn);
}

/** Whether the operator has a word on which traces are noted: then others are to hear of it. */
function isSampled(): boolean {
  const purpose = 'which traces are sampled, as OpenTelemetry reads it';
  return (
    readEnv({ OTEL_TRACES_SAMPLER: { read: text, purpose, fallback: undefined } }).OTEL_TRACES_SAMPLER !== undefined
  );
}

function tracer() {
  return trace.getTracer('florin');
}

function plain(fields: Fields) {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]));
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return String(label(code) ?? label(name) ?? 'unknown');
}
