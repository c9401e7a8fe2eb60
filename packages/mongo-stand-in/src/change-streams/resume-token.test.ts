import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeToken, encodeToken, type ResumePoint } from './resume-token.ts'

const time = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })
const part = fc.integer({ min: 0, max: 0x7fffffff })
const fragment = fc.option(fc.integer({ min: 0, max: 0xfffe }), { nil: undefined })

describe('resume token', () => {
  it('gives back what it stands for', () => {
    const point: fc.Arbitrary<ResumePoint> = fc.oneof(
      fc.record({ kind: fc.constant('time' as const), time }),
      fc.record({ kind: fc.constant('invalidate' as const), time, part }),
      fc.record({ kind: fc.constant('event' as const), time, part, fragment }),
    )
    fc.assert(
      fc.property(point, (each) => {
        expect(decodeToken(encodeToken(each))).toEqual(each)
      }),
    )
  })

  it('compares as text in the order of events', () => {
    fc.assert(
      fc.property(time, part, time, part, (timeA, partA, timeB, partB) => {
        const text = (t: bigint, p: number) =>
          String(encodeToken({ kind: 'event', time: t, part: p, fragment: undefined })._data)
        const before = timeA < timeB || (timeA === timeB && partA < partB)
        expect(text(timeA, partA) < text(timeB, partB)).toBe(before)
      }),
    )
  })

  it.each([undefined, null, {}, { _data: '' }, { _data: '82' }, { _data: 'zz' }, 'text'])(
    'refuses %j',
    (token) => {
      expect(() => decodeToken(token)).toThrow(expect.objectContaining({ code: 260 }))
    },
  )
})
