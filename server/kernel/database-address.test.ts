import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf } from './database-address.ts';

test('a folder as host is the server’s socket file there, and no longer part of the address', () => {
  assert.deepEqual(addressOf('postgres://user:a%40b@localhost:6432/florin?sslmode=disable&host=/run/postgresql'), {
    address: 'postgres://user:a%40b@localhost:6432/florin?sslmode=disable',
    path: '/run/postgresql/.s.PGSQL.6432',
  });
  assert.equal(addressOf('postgres://user@localhost/florin?host=%2Frun').path, '/run/.s.PGSQL.5432');
});

test('any other address stays what it is, to the byte', () => {
  for (const url of [
    'postgres://user:word@db.example:5432/florin?sslmode=require',
    'postgres://db/florin?host=other',
  ]) {
    assert.deepEqual(addressOf(url), { address: url });
  }
});
