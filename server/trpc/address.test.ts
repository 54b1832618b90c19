import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientAddress } from './address.ts';

const seen = (list: string) => new Headers({ 'x-forwarded-for': list });

test('without a gateway the peer is the client, whatever it claims', () => {
  assert.equal(clientAddress(seen('203.0.113.9, 192.0.2.1'), 0), '192.0.2.1');
});

test('behind a gateway the address is the one that the gateway saw', () => {
  assert.equal(clientAddress(seen('203.0.113.9, 192.0.2.1, 10.0.0.1'), 1), '192.0.2.1');
});

test('a list that is too short, or none, names nobody', () => {
  assert.equal(clientAddress(seen('10.0.0.1'), 1), 'unknown');
  assert.equal(clientAddress(new Headers(), 0), 'unknown');
});
