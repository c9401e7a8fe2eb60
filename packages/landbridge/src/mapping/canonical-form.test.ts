import { Decimal128, Double, Int32, Long, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyValue, documentOf } from './arbitrary-value.ts'
import { setMember } from './bson-value.ts'
import { canonicalEquals, canonicalHash, canonicalText, differences } from './canonical-form.ts'

const documents = documentOf(anyValue)

function reversed(document: Record<string, unknown>): Record<string, unknown> {
  const other = {}
  for (const [key, value] of Object.entries(document).reverse()) setMember(other, key, value)
  return other
}

describe('the canonical form', () => {
  it('is told alike by equality, text, hash and differences', () => {
    fc.assert(
      fc.property(documents, documents, (a, b) => {
        const equal = canonicalEquals(a, b)
        expect(canonicalText(a) === canonicalText(b)).toBe(equal)
        expect(canonicalHash(a) === canonicalHash(b)).toBe(equal)
        expect(differences(a, b).length === 0).toBe(equal)
        expect(canonicalEquals(b, a)).toBe(equal)
      }),
    )
  })

  it('does not count the order of keys', () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(canonicalEquals(document, reversed(document))).toBe(true)
        expect(canonicalHash(document)).toBe(canonicalHash(reversed(document)))
        expect(differences(document, reversed(document))).toEqual([])
      }),
    )
  })

  it('tells apart what looks alike', () => {
    const apart: unknown[] = [
      new Int32(1),
      new Long(1),
      new Double(1),
      Decimal128.fromString('1'),
      Decimal128.fromString('1.0'),
      '1',
      true,
      new Double(0),
      new Double(-0),
      null,
      undefined,
      [],
      {},
      [null],
      new Date(0),
      new Double(Number.NaN),
      new ObjectId('507f1f77bcf86cd799439011'),
      '507f1f77bcf86cd799439011',
      'NaN',
      'null',
      [new Int32(1), new Int32(2)],
      [new Int32(2), new Int32(1)],
      { a: null },
      { a: undefined },
    ]
    for (const [i, a] of apart.entries()) {
      for (const [j, b] of apart.entries()) expect(canonicalEquals(a, b), `${i} and ${j}`).toBe(i === j)
    }
    expect(canonicalEquals(new Double(Number.NaN), new Double(Number.NaN))).toBe(true)
    expect(canonicalEquals(1, new Int32(1))).toBe(true)
    expect(canonicalEquals(1.5, new Double(1.5))).toBe(true)
  })

  it('names each difference with its path and kind', () => {
    const left = {
      gone: 1,
      same: 'x',
      typed: new Int32(1),
      changed: 'a',
      list: [1, 2, 3],
      deep: { 'a.b': [{ x: 1 }] },
    }
    const right = {
      same: 'x',
      typed: new Long(1),
      changed: 'b',
      list: [3, 1, 2],
      deep: { 'a.b': [{ x: 2 }, 4] },
      more: null,
    }
    expect(differences(left, right).map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      'gone missing',
      'typed type',
      'changed changed',
      'list order',
      'deep.a\\.b.0.x changed',
      'deep.a\\.b.1 extra',
      'more extra',
    ])
  })

  it('hashes to 64 bits that can be summed', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const hash = canonicalHash(document)
        expect(hash >= 0n && hash < 1n << 64n).toBe(true)
      }),
    )
  })
})
