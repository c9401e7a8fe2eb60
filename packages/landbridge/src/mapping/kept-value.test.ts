import { Int32 } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyValue } from './arbitrary-value.ts'
import { canonicalEquals } from './canonical-form.ts'
import { keepValue, restoreValue } from './kept-value.ts'
import { isStorableText } from './storable-text.ts'

describe('kept values', () => {
  it('come back exactly from what jsonb holds, or are not taken', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const json = keepValue(value)
        if (json === undefined) return
        const text = JSON.stringify(json)
        expect(isStorableText(text) && !text.includes('\\u0000') && !/\\ud[89a-f]/i.test(text)).toBe(true)
        expect(canonicalEquals(restoreValue(JSON.parse(text)), value)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('are readable EJSON where that is exact, and base64 of BSON elsewhere', () => {
    expect(keepValue({ n: new Int32(1) })).toEqual({ n: { $numberInt: '1' } })
    expect(keepValue('a\0b')).toEqual({ $bson: expect.any(String) })
    expect(keepValue({ $oid: '507f1f77bcf86cd799439011' })).toEqual({ $bson: expect.any(String) })
  })
})
