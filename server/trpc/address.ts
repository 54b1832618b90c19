/**
 * The client's network address, from `x-forwarded-for`. That list ends with the peer of this process; before it stand
 * the addresses that our own gateways saw, each written by the next one. What a client wrote itself stands further in
 * front, and is not looked at.
 *
 * @param hops  How many gateways of ours stand before this process.
 * @see         ASVS 5.0, 4.1.3: an address is taken from trusted hops alone.
 */
export function clientAddress(headers: Headers, hops: number): string {
  const seen = headers.get('x-forwarded-for')?.split(',') ?? [];
  return (
    seen
      .at(-1 - hops)
      ?.trim()
      .slice(0, 64) || 'unknown'
  );
}
