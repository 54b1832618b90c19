import Link from 'next/link';
import type { FileRow } from '#server/reconciliation/questions/view.ts';
import { clock, exact } from '../../ui/time.ts';
import { Fact, FactList } from '../fact.tsx';
import { shareInWords } from './files-table.tsx';
import { kindWords } from './reconciliation-words.ts';
import { SignedAmount } from './signed-amount.tsx';

/** What has been done with a file, what its two sides come to, and how they differ. */
export function FileFacts({ file }: { file: FileRow }) {
  return (
    <div className="grid content-start gap-6">
      <Steps file={file} />
      {file.totals.map((one) => (
        <FactList key={one.currency} title={`In ${one.currency}`}>
          <Fact name={`${file.provider} says`}>
            <SignedAmount value={one.theirs} currency={one.currency} />
          </Fact>
          <Fact name="Our books say">
            <SignedAmount value={one.ours} currency={one.currency} />
          </Fact>
          <Fact name="Matched">
            <SignedAmount value={one.matched} currency={one.currency} />
          </Fact>
          <Fact name="Apart by">
            <SignedAmount value={one.theirs - one.ours} currency={one.currency} className="font-medium" />
          </Fact>
        </FactList>
      ))}
      <Found file={file} />
    </div>
  );
}

function Steps({ file }: { file: FileRow }) {
  const { receivedAt, readAt, matchedAt, postedAt, counts, source } = file;
  const steps = [
    ['Read', readAt],
    ['Matched', matchedAt],
    ['Posted', postedAt],
  ] as const;
  return (
    <FactList title="What was done">
      <Fact name={source === 'uploaded' ? 'Uploaded' : 'Fetched'}>{exact(receivedAt)}</Fact>
      {steps.map(([name, at]) => (
        <Fact key={name} name={name}>
          {at ? `${clock(at)} UTC` : <span className="text-ink-muted">not yet</span>}
        </Fact>
      ))}
      {counts && (
        <>
          <Fact name="Lines">{counts.lines.toLocaleString('en')}</Fact>
          <Fact name="Matched share">{shareInWords(counts.matching)}</Fact>
        </>
      )}
    </FactList>
  );
}

function Found({ file: { id, differences } }: { file: FileRow }) {
  const found = Object.entries(kindWords).filter(([kind]) => differences[kind as keyof typeof kindWords]);
  if (found.length === 0) return null;
  return (
    <FactList title="Differences found">
      {found.map(([kind, says]) => (
        <Fact key={kind} name={says}>
          <Link
            href={
              kind === 'missing_at_provider'
                ? `/admin/reconciliation/differences?kind=${kind}`
                : `/admin/reconciliation/differences?kind=${kind}&file=${id}`
            }
            className="rounded-sm underline underline-offset-2"
          >
            {differences[kind as keyof typeof kindWords]?.toLocaleString('en')}
          </Link>
        </Fact>
      ))}
    </FactList>
  );
}
