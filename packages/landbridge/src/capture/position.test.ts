import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparePositions, parsePosition, positionOf, secondsOf, serializePosition } from './position.ts'

const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(16, '0')
const position = fc
  .record({ time: fc.bigInt(1n, 2n ** 64n - 1n), rest: fc.stringMatching(/^[0-9A-F]{0,12}$/) })
  .map(({ time, rest }) => positionOf({ _data: `82${hex(time)}${rest}` }, 0n))

describe('a position', () => {
  it('survives its text', () => {
    fc.assert(
      fc.property(position, (value) => {
        expect(parsePosition(serializePosition(value))).toEqual(value)
      }),
    )
  })

  it('is totally ordered, by cluster time first', () => {
    fc.assert(
      fc.property(position, position, (a, b) => {
        expect(comparePositions(a, b)).toBe(-comparePositions(b, a) || 0)
        if (a.clusterTime < b.clusterTime) expect(comparePositions(a, b)).toBe(-1)
      }),
    )
    fc.assert(fc.property(position, (a) => comparePositions(a, a) === 0))
  })

  it('reads the cluster time out of the token, and takes the known one where there is none', () => {
    expect(positionOf({ _data: '82656E1FA30000000B2B0429296E1404' }, 0n).clusterTime).toBe(
      0x656e1fa30000000bn,
    )
    expect(secondsOf(0x656e1fa30000000bn)).toBe(0x656e1fa3)
    expect(positionOf({ _data: 'opaque' }, 7n).clusterTime).toBe(7n)
  })
})
