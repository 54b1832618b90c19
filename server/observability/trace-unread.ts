import {
  type Context,
  context,
  isSpanContextValid,
  type Span,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { NodeTracerProvider, RandomIdGenerator } from '@opentelemetry/sdk-trace-node';

const made = new RandomIdGenerator();

/**
 * A span that nobody will read: it has its ids, which are logged and passed on, and records nothing. It is of its
 * parent's trace and sampled as its parent is, so that a process that exports goes on with whole traces.
 */
function startUnread(_name: string, { root = false }: SpanOptions = {}, on: Context = context.active()): Span {
  const above = root ? undefined : trace.getSpanContext(on);
  const parent = above && isSpanContextValid(above) ? above : undefined;
  return trace.wrapSpanContext({
    traceId: parent?.traceId ?? made.generateTraceId(),
    spanId: made.generateSpanId(),
    traceFlags: parent?.traceFlags ?? TraceFlags.SAMPLED,
    ...(parent?.traceState && { traceState: parent.traceState }),
  });
}

const unread: Tracer = {
  startSpan: startUnread,
  // The last argument is the work; before it may stand options, and where to begin.
  startActiveSpan(name: string, ...given: unknown[]) {
    const work = given.pop() as (span: Span) => never;
    const [options, on = context.active()] = given as [SpanOptions?, Context?];
    const span = startUnread(name, options, on);
    return context.with(trace.setSpan(on, span), work, undefined, span);
  },
};

/** In place of the full one where a process has no exporter: what nobody reads is half of what a span costs. */
export class UnreadProvider extends NodeTracerProvider {
  override getTracer(): Tracer {
    return unread;
  }
}
