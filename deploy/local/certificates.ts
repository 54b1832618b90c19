import type { Authority } from '#server/workload/authority.ts';
import type { PemFiles } from '#server/workload/identity.ts';
import { type Workload, workloads } from '#server/workload/policy.ts';

const hour = 3_600_000;

export async function issueCertificates(authority: Authority): Promise<Record<Workload, PemFiles>> {
  const issued = await Promise.all(workloads.map(async (name) => [name, await authority.issue(name)] as const));
  return Object.fromEntries(issued) as Record<Workload, PemFiles>;
}

/** Certificates live for a day: every hour those that are half through are made anew, and processes read them again. */
export function renewCertificates(authority: Authority, report: (sentence: string) => void): Disposable {
  const timer = setInterval(() => {
    issueCertificates(authority).catch((error) => report(`Certificates could not be renewed: ${error.message}`));
  }, hour);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
