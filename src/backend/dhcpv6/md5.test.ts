import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHex } from '../../core/bytes.ts';
import { hmacMd5, md5 } from './md5.ts';

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

test.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
])('RFC 1321 appendix A.5: %j', (text, digest) => {
  expect(formatHex(md5(ascii(text)))).toBe(digest);
});

test.each([
  [new Uint8Array(16).fill(0x0b), 'Hi There', '9294727a3638bb1c13f48ef8158bfc9d'],
  [ascii('Jefe'), 'what do ya want for nothing?', '750c783e6ab0b503eaa86e310a5db738'],
])('RFC 2104 appendix: %#', (key, text, digest) => {
  expect(formatHex(hmacMd5(key, ascii(text)))).toBe(digest);
});

test('the same as OpenSSL, for any key and text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 300 }), (key, text) => {
      expect(formatHex(md5(text))).toBe(createHash('md5').update(text).digest('hex'));
      expect(formatHex(hmacMd5(key, text))).toBe(createHmac('md5', key).update(text).digest('hex'));
    }),
    { seed: 9915 },
  );
});
