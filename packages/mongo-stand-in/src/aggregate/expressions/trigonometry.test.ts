import { Decimal128, Double } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../../bson/as-stored.ts'
import { compileExpression, scopeOf } from '../expression.ts'

function evaluate(expression: unknown): unknown {
  const { e } = asStored({ e: expression })
  return compileExpression(e)(scopeOf({}, {}))
}

describe('trigonometry', () => {
  it.each([
    [{ $sin: 0 }, new Double(0)],
    [{ $cos: new Double(Math.PI) }, new Double(-1)],
    [{ $tan: 0 }, new Double(0)],
    [{ $asin: 1 }, new Double(Math.PI / 2)],
    [{ $acos: 1 }, new Double(0)],
    [{ $atan: 1 }, new Double(Math.PI / 4)],
    [{ $atan2: [1, 1] }, new Double(Math.PI / 4)],
    [{ $sinh: 0 }, new Double(0)],
    [{ $cosh: 0 }, new Double(1)],
    [{ $tanh: new Double(Number.POSITIVE_INFINITY) }, new Double(1)],
    [{ $asinh: 0 }, new Double(0)],
    [{ $acosh: 1 }, new Double(0)],
    [{ $atanh: 1 }, new Double(Number.POSITIVE_INFINITY)],
    [{ $sin: null }, null],
    [{ $atan2: ['$missing', 1] }, null],
    [{ $sin: new Double(Number.NaN) }, new Double(Number.NaN)],
    [{ $degreesToRadians: 180 }, new Double(Math.PI)],
    [{ $radiansToDegrees: new Double(Math.PI) }, new Double(180)],
    [
      { $degreesToRadians: Decimal128.fromString('180') },
      Decimal128.fromString('3.141592653589793238462643383279503'),
    ],
  ])('%j', (expression, expected) => {
    expect(exactly({ result: evaluate(expression) })).toBe(exactly({ result: expected }))
  })

  it.each([
    [{ $acos: 2 }, 50989],
    [{ $cos: new Double(Number.POSITIVE_INFINITY) }, 50989],
    [{ $acosh: 0 }, 50989],
    [{ $sin: 'x' }, 28765],
    [{ $atan2: ['x', 1] }, 51044],
    [{ $sin: Decimal128.fromString('1') }, 238],
  ])('%j is refused with %i', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }))
  })
})
