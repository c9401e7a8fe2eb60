import { BSONRegExp, Double } from 'bson'
import { expect, it } from 'vitest'
import { encodeJson } from './natural-json.ts'

it('gives the same reason whatever the order of keys, because jsonb has its own', () => {
  const pattern = new BSONRegExp('a', 'i')
  const infinite = new Double(Number.POSITIVE_INFINITY)
  const first = encodeJson([{ 'a.b': pattern, x: infinite }])
  expect(first).toMatchObject({ refused: 'type' })
  expect(encodeJson([{ x: infinite, 'a.b': pattern }])).toEqual(first)
})
