import type { ReactNode } from 'react';
import type { ShownAlert } from '#server/trpc/alerts.ts';
import { words } from '../../ui/words.ts';
import { channelWords, tellingWords } from './alert-words.ts';

/** What is known about it, and who was told; opened by whoever wants to know. */
export function WhatAndWho({ row: { detail, told, installationTold } }: { row: ShownAlert }) {
  const missed = told.filter(({ standing }) => standing === 'given_up').length;
  return (
    <details className="mt-1 text-13">
      <summary className="w-fit cursor-pointer rounded-sm text-12 text-ink-muted hover:text-ink">
        Details
        {missed > 0 && <span className="text-bad"> · {missed} could not be told</span>}
      </summary>
      <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[120px_minmax(0,1fr)]">
        {Object.entries(detail).map(([name, value]) => (
          <Line key={name} name={words(name)}>
            {value}
          </Line>
        ))}
        {told.map((telling) => (
          <Line key={telling.id} name={channelWords[telling.channel]}>
            {telling.address} <span className="text-ink-muted">{tellingWords(telling)}</span>
          </Line>
        ))}
        {installationTold && <Line name="Told">Whoever runs this installation.</Line>}
        {told.length === 0 && !installationTold && <Line name="Told">Nobody: no receiver is set up for it.</Line>}
      </dl>
    </details>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{name}</dt>
      <dd className="mb-1 wrap-anywhere sm:mb-0">{children}</dd>
    </>
  );
}
