interface Sides {
  ours: bigint | null;
  theirs: bigint | null;
  kind: string;
}

/** What the two sides are apart by: theirs less ours; the whole where only one side has it, or has it once more. */
export function apart({ ours, theirs, kind }: Sides): bigint | null {
  if (ours === null) return theirs;
  if (theirs === null) return -ours;
  return kind === 'duplicate' || kind === 'late' || kind === 'status' || kind === 'currency' ? theirs : theirs - ours;
}
