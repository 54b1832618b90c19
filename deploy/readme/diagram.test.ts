import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withDiagram } from './diagram.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

test("the README's state diagram is the table of moves (else: npm run readme)", () => {
  assert.equal(withDiagram(readme), readme);
});

test('a README that lost the place for its diagram is noticed', () => {
  assert.throws(() => withDiagram('# Florin'), /no place/);
});
