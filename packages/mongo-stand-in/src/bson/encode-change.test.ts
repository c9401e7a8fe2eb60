import {
  Binary,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileUpdate } from '../update/compile-update.ts'
import { asStored, exactly } from './as-stored.ts'
import { decodeDocument, encodeDocument } from './decode.ts'
import { encodeChange } from './encode-change.ts'

const SCALARS: unknown[] = [
  null,
  true,
  'text',
  'ünï',
  new Int32(1),
  new Double(-0),
  Long.fromNumber(7),
  Decimal128.fromString('1.50'),
  new ObjectId('0123456789abcdef01234567'),
  new Date(5),
  new Binary(Buffer.from('bytes')),
  new Timestamp({ t: 1, i: 2 }),
  new MinKey(),
  new MaxKey(),
  new Code('f()'),
  new Code('f()', { x: new Int32(1) }),
  new BSONSymbol('s'),
  /^a/i,
]
const name = fc.constantFrom('a', 'b', 'c', '0', '2', 'x.y', 'ö', '__proto__')
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...SCALARS),
    fc.array(tie('value'), { maxLength: 14 }),
    fc.dictionary(name, tie('value'), { maxKeys: 5 }),
  ),
})).value
const documents = fc.dictionary(name, value, { maxKeys: 5 }).map((fields) => asStored({ _id: 1, ...fields }))

/** Another document that shares as much with the given one as its author likes. */
function edited(document: Record<string, unknown>, choices: Iterator<number>, fresh: unknown): unknown {
  const next = () => choices.next().value as number
  const edit = (given: unknown): unknown => {
    if (next() % 3 === 0) return given
    if (Array.isArray(given)) {
      const copy = given.map((element) => (next() % 4 === 0 ? edit(element) : element))
      const at = next() % (copy.length + 1)
      const pieces = [copy.slice(at), [fresh], copy.slice(0, at), [undefined]]
      return pieces.slice(0, next() % 5).flat()
    }
    if (typeof given !== 'object' || given === null || Object.hasOwn(given, '_bsontype')) return fresh
    if (Object.getPrototypeOf(given) !== Object.prototype) return given
    const fields = Object.entries(given).flatMap(([field, inner]) =>
      next() % 5 === 0 ? [] : [[field, next() % 2 === 0 ? edit(inner) : inner] as const],
    )
    const added = next() % 2 === 0 ? [['added', fresh] as const] : []
    return Object.fromEntries(next() % 4 === 0 ? [...added, ...fields.reverse()] : [...fields, ...added])
  }
  const result = edit(document)
  return result === fresh ? { ...document, fresh } : result
}

function* cycle(numbers: readonly number[]): Generator<number, number> {
  for (;;) yield* numbers
}

function expectPlain(before: Record<string, unknown>, after: Record<string, unknown>): void {
  const { raw, document } = encodeChange(before, encodeDocument(before), after)
  expect(Buffer.from(raw).toString('hex')).toBe(Buffer.from(encodeDocument(after)).toString('hex'))
  expect(exactly(document)).toBe(exactly(decodeDocument(raw)))
}

describe('encodeChange', () => {
  it('gives the bytes of the whole document, whatever is shared with the one before', () => {
    fc.assert(
      fc.property(
        documents,
        value,
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 }),
        (document, fresh, choices) => {
          const after = edited(document, cycle(choices), fresh)
          expectPlain(document, after as Record<string, unknown>)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('gives the same bytes after a chain of updates, each of which starts from what the one before shared', () => {
    const update = fc.oneof(
      fc.record({ $push: fc.record({ list: value }) }),
      fc.record({
        $push: fc.record({
          list: fc.record({
            $each: fc.array(value, { maxLength: 3 }),
            $position: fc.integer({ min: -3, max: 20 }),
          }),
        }),
      }),
      fc.record({ $pull: fc.record({ list: fc.constantFrom(...SCALARS.slice(0, 5)) }) }),
      fc.nat(12).map((at) => ({ $set: { [`list.${at}`]: at } })),
      fc.nat(12).map((at) => ({ $unset: { [`list.${at}`]: '' }, $set: { 'other.b': at } })),
      fc.constant({ $rename: { other: 'renamed' } }),
      fc.constant({ $pop: { list: -1 } }),
    )
    fc.assert(
      fc.property(fc.array(value), fc.array(update, { minLength: 1, maxLength: 6 }), (list, updates) => {
        let document = asStored({ _id: 1, list, other: { a: 1 } })
        let raw = encodeDocument(document)
        for (const change of updates) {
          const after = compileUpdate(asStored(change)).apply(document, { inserting: false })
          const plain = encodeDocument(after)
          const next = encodeChange(document, raw, after)
          expect(Buffer.compare(next.raw, plain)).toBe(0)
          expect(exactly(next.document)).toBe(exactly(decodeDocument(plain)))
          document = next.document
          raw = next.raw
        }
      }),
      { numRuns: 100 },
    )
  })

  it('shares with the state before what did not change', () => {
    const before = asStored({ _id: 1, list: [{ a: 1 }, { a: 2 }, { a: 3 }], other: { b: 1 } })
    const [first, , third] = before.list
    const after = { ...before, list: [third, first, { a: new Int32(9) }] }
    const { document } = encodeChange(before, encodeDocument(before), after)
    expect(document.list[0]).toBe(third)
    expect(document.list[1]).toBe(first)
    expect(document.other).toBe(before.other)
  })

  it('encodes bytes anew that are not as an encoder writes them', () => {
    // An array whose elements are named "1" and "1".
    const raw = encodeDocument({ _id: 1, list: { '1': 'a', x: 'b' } })
    raw[raw.indexOf('x'.charCodeAt(0))] = '1'.charCodeAt(0)
    raw[raw.indexOf(0x03)] = 0x04
    const before = decodeDocument(raw)
    const after = { ...before, list: [...before.list, 'c'] }
    expect(Buffer.compare(encodeChange(before, raw, after).raw, encodeDocument(after))).toBe(0)
  })

  it('copies what decoding does not give back: the place of fields before those of a reference', () => {
    const before = asStored({ _id: 1, reference: { note: 'n', $ref: 'users', $id: 5 } })
    const raw = encodeDocument({
      _id: new Int32(1),
      reference: { note: 'n', $ref: 'users', $id: new Int32(5) },
    })
    const after = { ...before, more: new Int32(2) }
    const next = encodeChange(before, raw, after)
    expect(Buffer.from(next.raw).includes(Buffer.from(raw.subarray(4, -1)))).toBe(true)
    expect(exactly(next.document)).toBe(exactly(after))
  })
})
