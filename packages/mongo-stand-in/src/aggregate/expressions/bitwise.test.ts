import { Binary, Double, Int32, Long, Timestamp } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../../bson/as-stored.ts'
import { compileExpression, scopeOf } from '../expression.ts'

function evaluate(expression: unknown): unknown {
  const { e } = asStored({ e: expression })
  return compileExpression(e)(scopeOf({}, {}))
}

describe('bits, bytes and the halves of timestamps', () => {
  it.each([
    [{ $bitAnd: [6, 3] }, new Int32(2)],
    [{ $bitAnd: [] }, new Int32(-1)],
    [{ $bitOr: [6, Long.fromNumber(1)] }, Long.fromNumber(7)],
    [{ $bitXor: [6, 3, 1] }, new Int32(4)],
    [{ $bitOr: [-1, 0] }, new Int32(-1)],
    [{ $bitAnd: [1, null] }, null],
    [{ $bitNot: 5 }, new Int32(-6)],
    [{ $bitNot: Long.fromNumber(0) }, Long.fromNumber(-1)],
    [{ $binarySize: 'aé' }, new Int32(3)],
    [{ $binarySize: new Binary(Buffer.from([1, 2])) }, new Int32(2)],
    [{ $binarySize: '$missing' }, null],
    [{ $bsonSize: { a: new Int32(1) } }, new Int32(12)],
    [{ $tsSecond: new Timestamp({ t: 3_000_000_000, i: 7 }) }, Long.fromNumber(3_000_000_000)],
    [{ $tsIncrement: new Timestamp({ t: 5, i: 7 }) }, Long.fromNumber(7)],
  ])('%j', (expression, expected) => {
    expect(exactly({ result: evaluate(expression) })).toBe(exactly({ result: expected }))
  })

  it.each([
    [{ $bitAnd: [1, new Double(2.5)] }, 14],
    [{ $bitNot: 'x' }, 14],
    [{ $binarySize: 5 }, 51276],
    [{ $bsonSize: 'x' }, 31393],
    [{ $tsSecond: 5 }, 5687301],
    [{ $tsIncrement: 5 }, 5687302],
    [{ $function: {} }, 238],
    [{ $toHashedIndexKey: 1 }, 238],
  ])('%j is refused with %i', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }))
  })
})
