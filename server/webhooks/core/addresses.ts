import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whether the address is one of these, or lies in one of these CIDR blocks. IPv4 in IPv6's clothes (`::ffff:192.0.2.1`)
 * is IPv4. What is no address lies in none.
 */
export function within(address: string, blocks: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  return blocks.some((block) => {
    if (!block.includes('/')) return ipaddr.process(block).toString() === parsed.toString();
    const [network, bits] = ipaddr.parseCIDR(block);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
}
