import { clock } from '../../ui/time.ts';
import { Note } from './waiting-note.tsx';

/** No provider could be reached: nothing is charged, and it is tried by itself until then. */
export function QueuedNote({ until }: { until: Date }) {
  return (
    <Note tone="wait">
      No provider takes charges at the moment. The shopper was told that nothing is charged yet: this is tried again by
      itself until {clock(until)} UTC, and ends unpaid after that.
    </Note>
  );
}
