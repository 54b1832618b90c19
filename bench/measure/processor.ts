import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Cores that each class of processes took on the average, and all others on this machine together. */
export type Share = Record<string, number>;

/** The processes of each class, by pid. Those that a process has started and outlived count as its own. */
export type Classes = Record<string, () => readonly number[]>;

/** Ticks of the processor in a second, which Linux gives to user space on every architecture that Node runs on. */
const hertz = 100;

/** What `stop` tells is of the time since `startMeter`. */
export interface Meter {
  stop(): Share;
}

/**
 * Adds up what processes take of the processor, by `/proc`; on other systems it knows of this process alone.
 *
 * @param classes  Who counts as what; `other` is the rest of the machine.
 */
export function startMeter(classes: Classes): Meter {
  const before = look(classes);
  const began = performance.now();
  return {
    stop() {
      // To look takes a while, too, and is no part of what is measured.
      const seconds = (performance.now() - began) / 1000;
      const after = look(classes);
      return Object.fromEntries(
        Object.entries(after).map(([name, value]) => [name, Math.max(0, value - (before[name] ?? 0)) / seconds]),
      );
    },
  };
}

/** Seconds so far. */
function look(classes: Classes): Record<string, number> {
  const busy = busySeconds();
  if (busy === undefined) {
    const { user, system } = process.cpuUsage();
    return { node: (user + system) / 1e6 };
  }
  const own = Object.entries(classes).map(([name, pids]): [string, number] => [
    name,
    pids().reduce((sum, pid) => sum + secondsOf(pid), 0),
  ]);
  const ours = own.reduce((sum, [, seconds]) => sum + seconds, 0);
  return { ...Object.fromEntries(own), other: busy - ours };
}

/** Of the whole machine, waiting for disks left out. */
function busySeconds(): number | undefined {
  const line = textOf('/proc/stat')?.split('\n', 1)[0];
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) / hertz;
}

/** Of a process, and of those of its children that have ended. */
function secondsOf(pid: number): number {
  const fields = statOf(pid);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
  return (user + system + childrenUser + childrenSystem) / hertz;
}

/** The fields after the name, which may hold anything. The first is the state, the second the parent. */
function statOf(pid: number): string[] {
  const text = textOf(`/proc/${pid}/stat`) ?? '';
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** A process and all that it has started, as of now. */
export function family(root: number): number[] {
  return [root, ...childrenOf(root).flatMap(family)];
}

/** Some kernels keep a list; others have to be asked for everybody's parent. */
function childrenOf(parent: number): number[] {
  const listed = textOf(`/proc/${parent}/task/${parent}/children`);
  if (listed !== undefined) return listed.split(' ').filter(Boolean).map(Number);
  if (!existsSync('/proc/stat')) return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && Number(statOf(pid)[1]) === parent);
}

/** Bytes of memory that a process holds. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? process.memoryUsage().rss : Number(kilobytes) * 1024;
}

/** Whether what others took in the meantime may be neglected. */
export function isQuiet({ other = 0 }: Share): boolean {
  return other <= 0.05 * cpus().length;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
