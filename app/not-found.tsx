import { Mark } from '#components/ui/mark.tsx';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-content-center justify-items-center gap-3 px-4 text-center">
      <Mark size={28} word={false} />
      <h1 className="text-20 font-semibold">There is no such page</h1>
      <p className="text-ink-muted">Check that the address was copied whole.</p>
    </main>
  );
}
