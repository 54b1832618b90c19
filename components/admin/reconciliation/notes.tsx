import type { Note } from '#server/reconciliation/questions/view.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { NoteForm } from './note-form.tsx';

/** What people said about a difference, the oldest first. */
export function Notes({ id, notes, may }: { id: string; notes: Note[]; may: boolean }) {
  return (
    <section aria-label="Notes" className="grid gap-3">
      <h2 className="text-13 font-semibold">Notes</h2>
      {notes.length === 0 && <p className="text-13 text-ink-muted">Nobody has said anything yet.</p>}
      <ol className="grid gap-3 empty:hidden">
        {notes.map((note) => (
          <li key={note.id} className="grid gap-0.5 text-13">
            <p className="break-words whitespace-pre-wrap">{note.text}</p>
            <p className="text-12 text-ink-muted">
              {note.by} · <RelativeTime at={note.at} />
            </p>
          </li>
        ))}
      </ol>
      {may && <NoteForm key={notes.length} id={id} />}
    </section>
  );
}
