import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { invariant } from '#server/kernel/invariant.ts';
import type { Random, Secret } from '#server/kernel/secret.ts';

/** Whose card, and which record: bound to the sealed number, so that rows cannot be swapped. */
export interface RecordName {
  merchantId: string;
  id: string;
}

export interface Keyring {
  /** Encrypts a card number under a data key of its own. */
  seal(number: string, record: RecordName): Buffer;
  /** @throws Error when the bytes were changed, belong to another record, or were sealed under another master key. */
  open(sealed: Buffer, record: RecordName): string;
  /** A keyed hash of the whole number, per merchant (PCI DSS 4.0.1, 3.5.1.1). It never leaves the vault's database. */
  hash(number: string, merchantId: string): Buffer;
}

const version = 1;
// version | master key's id | wrapped data key | nonce | number | tag
const at = { keyId: 1, wrapped: 9, nonce: 49, number: 61 } as const;
const tagSize = 16;
/** @see RFC 3394, 2.2.3.1: the default initial value. */
const wrapStart = Buffer.alloc(8, 0xa6);

/**
 * The vault's keys, all derived from one master key (HKDF-SHA256, RFC 5869): one wraps data keys (AES key wrap, which
 * has no nonce to run out of), one makes fingerprints. The id of the master key stands in front of everything sealed,
 * so that a rotation can tell old from new.
 */
export function makeKeyring(master: Secret<Buffer>, random: Random): Keyring {
  const derive = (use: string, size: number) =>
    Buffer.from(hkdfSync('sha256', master.reveal(), '', `florin ${use}`, size));
  const keyId = derive('key id', 8);
  // As key objects: Node takes five times as long to use a key that it is handed as bytes.
  const wrappingKey = createSecretKey(derive('data key wrapping', 32));
  const hashKey = createSecretKey(derive('card fingerprint', 32));
  return {
    seal(number, record) {
      const dataKey = random(32);
      const nonce = random(12);
      const cipher = createCipheriv('aes-256-gcm', createSecretKey(dataKey), nonce).setAAD(nameBytes(record));
      const body = Buffer.concat([cipher.update(number, 'latin1'), cipher.final(), cipher.getAuthTag()]);
      return Buffer.concat([Buffer.of(version), keyId, wrap(wrappingKey, dataKey), nonce, body]);
    },
    open(sealed, record) {
      invariant(sealed.readUInt8(0) === version, 'a sealed number starts with a version that is known');
      invariant(sealed.subarray(at.keyId, at.wrapped).equals(keyId), 'a sealed number names the master key in use');
      const dataKey = createSecretKey(unwrap(wrappingKey, sealed.subarray(at.wrapped, at.nonce)));
      const decipher = createDecipheriv('aes-256-gcm', dataKey, sealed.subarray(at.nonce, at.number))
        .setAAD(nameBytes(record))
        .setAuthTag(sealed.subarray(-tagSize));
      const number = decipher.update(sealed.subarray(at.number, -tagSize), undefined, 'latin1');
      return number + decipher.final('latin1');
    },
    hash: (number, merchantId) => createHmac('sha256', hashKey).update(`${merchantId}|${number}`).digest(),
  };
}

function nameBytes({ merchantId, id }: RecordName): Buffer {
  return Buffer.from(`florin card|${merchantId}|${id}`);
}

function wrap(key: KeyObject, dataKey: Buffer): Buffer {
  const cipher = createCipheriv('id-aes256-wrap', key, wrapStart);
  return Buffer.concat([cipher.update(dataKey), cipher.final()]);
}

function unwrap(key: KeyObject, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv('id-aes256-wrap', key, wrapStart);
  return Buffer.concat([decipher.update(wrapped), decipher.final()]);
}
