import 'reflect-metadata';
import { SubjectAlternativeNameExtension, X509Certificate } from '@peculiar/x509';
import { isWorkload, type Workload } from '../policy.ts';

const trustDomain = 'spiffe://florin/';

export function spiffeId(workload: Workload): string {
  return `${trustDomain}${workload}`;
}

/**
 * Who a certificate says it is, read from its DER bytes: the text form of alternative names can be made to read
 * differently from what it says (CVE-2021-44532). Undefined where it names no workload of ours.
 *
 * @see SPIFFE X.509-SVID, section 2: exactly one URI.
 */
export function workloadOf(der: Uint8Array): Workload | undefined {
  const names = new X509Certificate(new Uint8Array(der)).getExtension(SubjectAlternativeNameExtension)?.names.items;
  const uris = (names ?? []).filter(({ type }) => type === 'url').map(({ value }) => value);
  const [uri] = uris;
  if (uris.length !== 1 || !uri?.startsWith(trustDomain)) return undefined;
  const name = uri.slice(trustDomain.length);
  return isWorkload(name) ? name : undefined;
}
