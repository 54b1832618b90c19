import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';

/** Milliseconds. */
const connecting = 5_000;
const answering = 10_000;

/**
 * An undici agent for addresses that a customer has typed. It connects to public addresses alone, judged by what is
 * connected to and not by an earlier look at the name, which may have changed in between. Redirects are not followed:
 * undici's `request` does not.
 *
 * @param allowPrivate  For test mode, where receivers are on the same machine.
 * @see   OWASP, Server-Side Request Forgery Prevention; ASVS 5.0, 1.3.6.
 */
export function outwardAgent({ allowPrivate }: { allowPrivate: boolean }): Agent {
  const connect = buildConnector({ timeout: connecting, ...(!allowPrivate && { lookup: publicLookup }) });
  return new Agent({
    connections: 8,
    headersTimeout: answering,
    bodyTimeout: answering,
    connect(target, done) {
      const host = target.hostname.replace(/^\[|\]$/g, '');
      // An address needs no lookup, so it would pass unseen.
      if (!allowPrivate && isIP(host) && !isPublic(host)) done(new NotPublic(host), null);
      else connect(target, done);
    },
  });
}

/** Whether an IP address is on the public internet: not this machine, not a private network, nothing reserved. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

export class NotPublic extends Error {
  override name = 'NotPublic';

  constructor(host: string) {
    super(`${host} is not on the public internet`);
  }
}

const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, []);
    const [first] = addresses;
    // One private address among public ones is as bad: whoever connects chooses.
    if (!first || !addresses.every(({ address }) => isPublic(address))) return done(new NotPublic(host), []);
    return options.all ? done(null, addresses) : done(null, first.address, first.family);
  });
};
