import { serialize } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyValue, documentOf } from './arbitrary-value.ts'
import { decodeBson, encodeBson } from './bson.ts'
import { canonicalEquals } from './canonical-form.ts'

const code = (expected: string) => expect.objectContaining({ code: expected })

describe('reading and writing BSON', () => {
  it('gives a document back exactly, or refuses to write it', () => {
    fc.assert(
      fc.property(documentOf(anyValue), (document) => {
        let raw: Uint8Array
        try {
          raw = encodeBson(document)
        } catch (error) {
          expect(error).toEqual(code('bson-not-exact'))
          return
        }
        expect(canonicalEquals(decodeBson(raw), document)).toBe(true)
      }),
    )
  })

  it('refuses invalid UTF-8 in values and in keys', () => {
    const value = serialize({ a: 'xyz' })
    value[11] = 0xff
    expect(() => decodeBson(value)).toThrow(code('invalid-utf8'))
    const key = serialize({ abc: 'xyz' })
    key[5] = 0xff
    expect(() => decodeBson(key)).toThrow(code('invalid-utf8'))
  })

  it('refuses what the library would lose', () => {
    const date = serialize({ at: new Date(0) })
    date.fill(0x7f, 8, 16)
    expect(() => decodeBson(date)).toThrow(code('bson-not-exact'))
    const twice = serialize({ inner: { ab: 1, ac: 2 } })
    const second = Buffer.from(twice).indexOf('ac')
    twice[second + 1] = 'b'.charCodeAt(0)
    expect(() => decodeBson(twice)).toThrow(code('bson-not-exact'))
    expect(() => decodeBson(twice.subarray(0, 9))).toThrow(code('invalid-bson'))
  })
})
