import { Int32, ObjectId } from 'bson'
import { expect, it } from 'vitest'
import { decodeBson, encodeBson } from '../bson.ts'
import { canonicalText } from '../canonical-form.ts'
import { BsonBytes } from './bson-bytes.ts'
import { canonicalTextOfBytes } from './canonical-of-bytes.ts'
import { checkDocument } from './check-document.ts'
import { families } from './families.ts'

const MAX_BYTES = 16 * 1024 * 1024

function nested(levels: number, inArray: boolean): unknown {
  let value: unknown = new Int32(1)
  for (let level = 0; level < levels; level++) value = inArray ? [value] : { a: value }
  return value
}

it.each([100, 180])('documents and arrays of %s levels come back', (levels) => {
  for (const inArray of [true, false]) {
    const raw = Buffer.from(
      encodeBson({
        _id: new ObjectId(),
        unknown: nested(levels, inArray),
        free: nested(levels, inArray),
        settings: {},
      }),
    )
    for (const mapping of [families.plain, families['json-rest']])
      expect(checkDocument(mapping, raw)).toMatchObject({ outcome: 'kept', violations: [] })
  }
})

it('more levels than a server stores are refused, and never overflow the stack', () => {
  const out = new BsonBytes()
  out.begin()
  out.element(7, '_id')
  out.raw(Buffer.alloc(12))
  for (let level = 0; level < 20_000; level++) {
    out.element(3, 'a')
    out.begin()
  }
  for (let level = 0; level < 20_001; level++) out.end()
  expect(checkDocument(families.plain, out.take())).toMatchObject({ outcome: 'quarantined', violations: [] })
  for (const levels of [300, 1_000, 2_000, 4_000]) {
    const raw = Buffer.from(encodeBson({ _id: new ObjectId(), deep: nested(levels, false) }))
    expect(checkDocument(families.plain, raw).violations).toEqual([])
  }
})

it.each([
  ['in a column', 'x'.repeat(MAX_BYTES - 200)],
  ['in extra', `\0${'x'.repeat(MAX_BYTES - 200)}`],
])('a text of 16 MB comes back %s', (_where, name) => {
  const raw = Buffer.from(encodeBson({ _id: new ObjectId(), name }))
  expect(checkDocument(families.plain, raw).violations).toEqual([])
})

it('a DBRef that names its database in $ref is read as it is', () => {
  const ref = { $ref: 'db.things', $id: new ObjectId(), more: [{ $ref: 'x.y', $id: 'z' }] }
  const raw = Buffer.from(encodeBson({ _id: new ObjectId(), ref }))
  expect(canonicalText(decodeBson(raw))).toBe(canonicalTextOfBytes(raw))
  expect(canonicalText(decodeBson(raw))).toContain('"$ref":"db.things"')
})

const ff = Buffer.from('ff', 'hex')
const halfPair = Buffer.from('eda080', 'hex')

it.each<[string, string, (out: BsonBytes) => void]>([
  ['options of a regular expression out of order', 'bson-not-exact', (out) => writeRegex(out, 'a', 'xi')],
  ['a regular expression that is no UTF-8', 'invalid-utf8', (out) => writeRegex(out, ff, 'i')],
  ['half a surrogate pair in a key', 'invalid-utf8', (out) => out.element(10, halfPair)],
  ['half a surrogate pair in a text', 'invalid-utf8', (out) => writeString(out, halfPair)],
  ['a date that no Date holds', 'bson-not-exact', (out) => writeDateOf(out, 8_640_000_000_000_001n)],
])('%s goes to quarantine: %s', (_what, code, write) => {
  const out = new BsonBytes()
  out.begin()
  out.element(7, '_id')
  out.raw(Buffer.alloc(12))
  write(out)
  out.end()
  expect(checkDocument(families.plain, out.take())).toEqual({ outcome: 'quarantined', code, violations: [] })
})

function writeRegex(out: BsonBytes, pattern: string | Buffer, options: string): void {
  out.element(11, 'r')
  out.cstring(pattern)
  out.cstring(options)
}

function writeString(out: BsonBytes, text: Buffer): void {
  out.element(2, 's')
  out.string(text)
}

function writeDateOf(out: BsonBytes, ms: bigint): void {
  out.element(9, 'd')
  out.int64(ms)
}
