import { Binary, Decimal128, Int32, Long, ObjectId } from 'bson'
import { expect, it } from 'vitest'
import { canonicalText } from '../mapping/canonical-form.ts'
import { idFromText, idText } from './id-text.ts'

it.each([
  new ObjectId(),
  'global',
  '',
  '65f0c0ffee0000000000abcd',
  '{"a":1}',
  '12',
  '"quoted"',
  new Int32(7),
  Long.fromNumber(7),
  Decimal128.fromString('1.50'),
  new Binary(Buffer.alloc(16, 3), 4),
  { a: new Int32(1), b: 'x' },
  true,
  null,
])('an _id reads back from its text: %s', (rawId) => {
  expect(canonicalText(idFromText(idText(rawId)))).toBe(canonicalText(rawId))
})
