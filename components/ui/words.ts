/** A state's or trigger's name as people read it: `capture_pending` is "Capture pending". */
export function words(name: string): string {
  const text = name.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
