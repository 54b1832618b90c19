/** A line as it came, to the letter. */
export function RawLine({ raw }: { raw: string }) {
  return (
    // biome-ignore format: what stands within is shown as it is
    <pre className="overflow-x-auto rounded-control border bg-canvas p-3 font-mono text-12 break-all whitespace-pre-wrap">{raw}</pre>
  );
}
