import { BSONRegExp, Code, MaxKey, MinKey, ObjectId, serialize, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { threadsMapping } from '../../testing/growing-unit.ts'
import { arbitraryDocument } from '../arbitrary-document.ts'
import { anyValue, documentOf } from '../arbitrary-value.ts'
import { decodeBson, encodeBson } from '../bson.ts'
import { canonicalHash } from '../canonical-form.ts'
import { comparable } from '../comparable.ts'
import { MappingError } from '../mapping-error.ts'
import { counterMapping, orderMapping, walkedMapping } from '../test-mappings.ts'
import type { Document, Mapping } from '../types.ts'
import { hashRaw, rawHasherOf } from './raw-hash.ts'

const mappings = [orderMapping, walkedMapping, counterMapping, threadsMapping]

/** The hash, or the code of what makes it impossible. */
function outcomeOf(hash: () => bigint): bigint | string {
  try {
    return hash()
  } catch (error) {
    if (error instanceof MappingError) return error.code
    throw error
  }
}

function check(mapping: Mapping, raw: Uint8Array): void {
  expect(outcomeOf(() => hashRaw(mapping, raw))).toBe(
    outcomeOf(() => canonicalHash(comparable(mapping, decodeBson(raw)))),
  )
}

function rawOf(document: Document): Uint8Array | undefined {
  const raw = (() => {
    try {
      return encodeBson(document)
    } catch (error) {
      if (error instanceof MappingError) return undefined
      throw error
    }
  })()
  return raw
}

describe('the hash of raw documents', () => {
  it.each(mappings.map((mapping) => [mapping.collection, mapping] as const))(
    'is that of %s',
    (_name, mapping) => {
      fc.assert(
        fc.property(fc.oneof(arbitraryDocument(mapping), documentOf(anyValue)), (document) => {
          const raw = rawOf(document)
          if (raw !== undefined) check(mapping, raw)
        }),
        { numRuns: 300 },
      )
    },
  )

  it('is that of the rarest values', () => {
    const rare = {
      _id: new ObjectId(),
      regex: new BSONRegExp('a\\d', 'im'),
      code: new Code('f()', { a: 1 }),
      ends: [new MinKey(), new MaxKey(), new Timestamp({ t: 1, i: 2 })],
      deep: { $ref: 'orders', $id: new ObjectId(), more: 1 },
      data: Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key${i % 7}${i}`, i])),
      '': { 'a.b': 1, 'a"b': 2, 'a\u00e9': 3, 'a b': 4, a: 5, 'a!': 6 },
    }
    for (const mapping of mappings) check(mapping, serialize(rare, { checkKeys: false }))
  })

  it('is refused for bytes that are not sound, as reading them is', () => {
    const sound = encodeBson({
      _id: new ObjectId(),
      tags: ['añ', 'b'],
      oldIndex: { a: 'dropped' },
      delivery: { lines: [{ sku: 'a', scratch: [1] }], cache: 'c' },
      at: new Date(5),
      preferences: { a: [1.5, 'b'] },
    })
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, byte) => {
        const broken = Uint8Array.from(sound)
        broken[at] = byte
        check(walkedMapping, broken)
      }),
      { numRuns: 1500 },
    )
    for (let length = 0; length < sound.length; length++) check(walkedMapping, sound.subarray(0, length))
  })

  it('seldom needs the document as an object', () => {
    const before = rawHasherOf(walkedMapping).general
    for (let i = 0; i < 100; i++) {
      hashRaw(walkedMapping, encodeBson({ _id: new ObjectId(), tags: [`${i}`], nested: { [`key${i}`]: i } }))
    }
    expect(rawHasherOf(walkedMapping).general).toBe(before)
  })
})
