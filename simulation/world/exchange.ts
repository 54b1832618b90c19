import type { Engine } from '../engine/engine.ts';
import type { ProviderName } from '../plan.ts';
import type { Answer, HeldAcquirer, Lever } from './acquirer.ts';
import type { Letter, Reply } from './vault.ts';

/** How a letter and its answer fare. Milliseconds of virtual time, from its leaving. */
export interface Course {
  /** When it is at the acquirer; undefined: never. */
  arrives: number | undefined;
  /** How long the answer takes on its way back, and what comes of it there. */
  back: number;
  answer: 'comes' | 'breaks' | 'never comes';
  /** When the connection breaks, whatever happens to the letter. */
  breaks?: number;
  /** What the acquirer makes of it. */
  lever?: Lever;
}

/** A letter on its way, and what became of it. */
export interface Passage {
  readonly letter: Letter;
  readonly course: Course;
  /** What the acquirer answered; undefined while it has not been there, and for ever where it is lost. */
  answer?: Answer;
  /** The caller was still waiting then. */
  inTime?: boolean;
  /** Nothing had been decided under its key before: as it left, and then as it arrived. */
  fresh: boolean;
  /** Whether somebody was there to be told, once that was over. */
  heard?: boolean;
  reply?: Reply;
  /** An inquiry said meanwhile that the acquirer does not know it. */
  seenAbsent?: boolean;
  /** A cancel of its key was there before it. */
  cancelled?: boolean;
}

/** Who makes trouble on the wire. The plain wire has nobody. */
export interface Trouble {
  /** Called as the letter leaves: the course that it takes in place of the plain one. */
  course(letter: Letter, plain: Course): Course;
  /** Nobody listens there just now: the connection is refused, or swallows what is sent. */
  unreachable(letter: Letter): 'refused' | 'lost' | 'hangs' | undefined;
  /** Called within the step of the arrival, before the acquirer hears of it. */
  before(letter: Letter): Promise<Lever | undefined>;
  after(letter: Letter): Promise<void>;
  /** Called when neither the letter nor an answer is under way any more. */
  over(passage: Passage): void;
  /** Resolves once an answer may leave the acquirer; undefined where it may at once. */
  held(key: string): Promise<void> | undefined;
}

export interface Wire {
  carry(letter: Letter): Promise<Reply>;
  /** Letters and answers that are under way. */
  underWay(): number;
}

/** How long the connectors wait for an answer, in milliseconds. @see server/providers/resilience/limits.ts */
export const callersPatience = { POST: 10_000, GET: 5_000 } as const;
/** How long the vault waits for an answer, in milliseconds. @see server/vault/core/wire.ts */
const patience = 20_000;

export interface WireSeams {
  engine: Engine;
  acquirers: Record<ProviderName, HeldAcquirer>;
  trouble: Trouble;
  /** The vault's own. */
  now(): Date;
}

/** The way from the vault to the acquirers and back. What has left arrives whoever dies meanwhile. */
export function makeWire(seams: WireSeams): Wire {
  const { engine, trouble, now } = seams;
  const arrivals = makeArrivals(seams);
  const waiting = new Set<Passage>();

  /** Goes there, is answered, and says what the caller hears of it. */
  async function travel(passage: Passage, say: (reply: Reply | undefined) => void): Promise<void> {
    const { letter, course } = passage;
    if (course.arrives === undefined) return say(undefined);
    const answer = await arrivals.arrive(passage, course.arrives);
    if (!answer) return say(undefined);
    passage.answer = answer;
    await trouble.held(letter.key);
    await pause(engine, course.back);
    if (course.answer === 'comes') say({ kind: 'answered', status: answer.status, text: answer.text });
    else say(course.answer === 'breaks' ? lost : undefined);
  }

  function leave(letter: Letter, settle: (reply: Reply) => void): void {
    const nobody = trouble.unreachable(letter);
    if (nobody === 'refused') return void settle({ kind: 'not_sent', code: 'provider_unreachable' });
    if (now() >= letter.sendBefore) return void settle({ kind: 'not_sent', code: 'too_late' });
    const plain = plainCourse(engine, letter);
    const course = nobody ? lostCourse(plain, nobody) : trouble.course(letter, plain);
    const passage: Passage = { letter, course, fresh: arrivals.isFresh(letter) };
    waiting.add(passage);
    let travelling = true;
    const end = () => {
      if (travelling || !passage.reply) return;
      waiting.delete(passage);
      trouble.over(passage);
    };
    const say = (reply: Reply) => {
      if (passage.reply) return;
      passage.reply = reply;
      passage.heard ??= letter.caller.alive;
      giveUp();
      settle(reply);
      end();
    };
    engine.after(callersPatience[letter.method], () => {
      passage.heard ??= letter.caller.alive;
    });
    const giveUp = engine.after(patience, () => say({ kind: 'silent', why: 'timeout' }));
    if (course.breaks !== undefined) engine.after(course.breaks, () => say(lost));
    void travel(passage, (reply) => {
      travelling = false;
      // Of an answer to who gave up nobody hears, but it is under way no longer.
      if (reply && !passage.reply) say(reply);
      else end();
    });
  }

  return {
    carry: (letter) => new Promise((settle) => leave(letter, settle)),
    underWay: () => waiting.size,
  };
}

/** What happens to a letter up to its answer. */
function makeArrivals({ engine, acquirers, trouble }: WireSeams) {
  const underWay = new Map<string, Set<Passage>>();
  const decided = new Set<string>();
  const isFresh = ({ method, key }: Letter) => method === 'POST' && !decided.has(key);

  /** What others tell while a letter is still under way is what the catalogue calls "not found". */
  function compare({ asked, key, path }: Letter, { status }: Answer): void {
    if (asked === 'inquire' && status === 404) for (const one of underWay.get(key) ?? []) one.seenAbsent = true;
    if (asked !== 'cancel' || status !== 201) return;
    for (const one of underWay.get(path.split('/')[2] ?? '') ?? []) one.cancelled = true;
  }

  async function arrive(passage: Passage, after: number): Promise<Answer | undefined> {
    const { letter, course } = passage;
    const same = underWay.get(letter.key) ?? new Set();
    if (letter.method === 'POST') underWay.set(letter.key, same.add(passage));
    await pause(engine, after);
    const acquirer = acquirers[letter.provider];
    return engine.step(acquirer.life, 'act', `${letter.name} arrives`, async () => {
      same.delete(passage);
      if (trouble.unreachable(letter)) return undefined;
      const lever = (await trouble.before(letter)) ?? course.lever;
      passage.fresh = isFresh(letter);
      passage.inTime = passage.heard === undefined && passage.reply === undefined;
      const answer = await acquirer.ask(letter, lever);
      if (letter.method === 'POST' && decisions.includes(answer.status)) decided.add(letter.key);
      compare(letter, answer);
      await trouble.after(letter);
      return answer;
    });
  }

  return { arrive, isFresh };
}

const decisions = [201, 202, 402, 422];

const lost: Reply = { kind: 'silent', why: 'connection_lost' };

/** Some milliseconds there and back; birch is the slower one. */
function plainCourse({ dice }: Engine, { name, provider }: Letter): Course {
  const far = provider === 'birch' ? 20 : 5;
  const arrives = far + dice.whole(`${name} there`, 40);
  return { arrives, back: far + dice.whole(`${name} back`, 40), answer: 'comes' };
}

function lostCourse({ arrives = 0, ...plain }: Course, how: 'lost' | 'hangs'): Course {
  return { ...plain, arrives: undefined, ...(how === 'lost' && { breaks: arrives }) };
}

function pause(engine: Engine, ms: number): Promise<void> {
  return new Promise((resolve) => void engine.after(ms, resolve));
}
