import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFrameReader } from './frame-reader.ts';
import { environmentLimit } from './parse-environment.ts';

const frame = (body: Uint8Array): Uint8Array => {
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(body.length));
  return Buffer.concat([head, body]);
};

test('frames come out whole, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 }),
      (bodies, cuts) => {
        const stream = Buffer.concat(bodies.map(frame));
        const reader = createFrameReader(8, true);
        const out: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          out.push(...reader.push(stream.subarray(at, at + cut))!);
          at += cut;
        }
        expect(out.map((body) => Buffer.from(body).toString('hex'))).toEqual(
          bodies.map((body) => Buffer.from(body).toString('hex')),
        );
      },
    ),
  );
});

test('32-bit and big-endian words', () => {
  expect(createFrameReader(4, false).push(Buffer.from([0, 0, 0, 1, 65]))).toEqual([new Uint8Array([65])]);
});

test.each([0n, BigInt(environmentLimit) + 1n, 0xffff_ffff_ffff_ffffn])(
  'a length of %s gives the stream up',
  (length) => {
    const head = Buffer.alloc(8);
    head.writeBigUInt64LE(length);
    expect(createFrameReader(8, true).push(head)).toBeUndefined();
  },
);
