import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, isAtOrUnder, joinPath, splitPath } from './path.ts'

const segments = fc.array(
  fc.oneof(fc.string(), fc.constantFrom('', '.', '\\', 'a.b', '$form', '\\e', 'e', '$')),
  {
    minLength: 1,
    maxLength: 4,
  },
)

describe('paths', () => {
  it('give their segments back, whatever the keys hold', () => {
    fc.assert(
      fc.property(segments, (keys) => {
        expect(splitPath(joinPath(keys))).toEqual(keys)
      }),
    )
  })

  it('are never the reserved entry of extra', () => {
    fc.assert(
      fc.property(segments, (keys) => {
        expect(joinPath(keys).startsWith('$')).toBe(false)
      }),
    )
  })

  it('grow by one key at a time', () => {
    fc.assert(
      fc.property(segments, fc.string(), (keys, key) => {
        const path = below(joinPath(keys), key)
        expect(path).toBe(joinPath([...keys, key]))
        expect(isAtOrUnder(path, joinPath(keys))).toBe(true)
      }),
    )
  })

  it('read plain dotted paths as people write them', () => {
    expect(splitPath('amount.currency')).toEqual(['amount', 'currency'])
    expect(isAtOrUnder('amounts', 'amount')).toBe(false)
  })
})
