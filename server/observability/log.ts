import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { type Reader, readEnv } from '#server/kernel/env.ts';
import { currentContext } from './context.ts';
import { allowed, type Fields, logFields, message as shown } from './fields.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** Writes one JSON line per call. Fields off the allow-list come out as `[dropped]`, card numbers as `[redacted]`. */
export type Log = Record<Level, (fields: Fields, message: string) => void> & {
  /** The same log, with these fields on every line. */
  child(fields: Fields): Log;
};

/**
 * @param service  Name of the process, on every line.
 * @param write    Takes each line; standard output when left out.
 */
export function makeLog(service: string, { level = levelFromEnv(), write }: LogOptions = {}): Log {
  const sink = pino(
    {
      level,
      messageKey: 'message',
      base: { service },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (name) => ({ level: name }) },
    },
    write ? { write } : pino.destination({ dest: 1, sync: true }),
  );
  return logTo(sink, {});
}

interface LogOptions {
  level?: Level;
  write?: (line: string) => void;
}

function logTo(sink: pino.Logger, bound: Fields): Log {
  const at = (level: Level) => (fields: Fields, message: string) => {
    if (sink.isLevelEnabled(level)) {
      sink[level](allowed({ ...traceFields(), ...currentContext(), ...bound, ...fields }, logFields), shown(message));
    }
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => logTo(sink, { ...bound, ...fields }),
  };
}

function traceFields(): Fields {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace: span.traceId, span: span.spanId } : {};
}

const readLevel: Reader<Level> = (text) => {
  const level = levels.find((name) => name === text);
  if (!level) throw new Error(`it must be one of ${levels.join(', ')}`);
  return level;
};

function levelFromEnv(): Level {
  const purpose = 'the least level that is written';
  return readEnv({ FLORIN_LOG_LEVEL: { read: readLevel, purpose, fallback: 'info' as Level } }).FLORIN_LOG_LEVEL;
}
