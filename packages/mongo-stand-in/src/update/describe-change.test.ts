import { type Document, Double, Int32, Long } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../bson/as-stored.ts'
import { cloneContainers } from '../bson/clone.ts'
import { compileUpdate } from './compile-update.ts'
import { type ChangeDescription, describeChange } from './describe-change.ts'
import { describeDifference } from './describe-difference.ts'
import { locate } from './location.ts'

describe('describeChange', () => {
  it.each<[before: Document, after: Document, updated: Document, removed: string[]]>([
    [{ a: 1 }, { a: 1 }, {}, []],
    [{ a: 1, b: 1 }, { a: 2, c: 3 }, { a: 2, c: 3 }, ['b']],
    [{ a: 1 }, { a: Long.fromNumber(1) }, { a: Long.fromNumber(1) }, []],
    [{ a: { b: 1, c: 1 } }, { a: { b: 2 } }, { 'a.b': 2 }, ['a.c']],
    [{ a: { b: 1, c: 1 } }, { a: { c: 1, b: 1 } }, { a: { c: 1, b: 1 } }, []],
    [{ a: { 'x.y': 1 } }, { a: { 'x.y': 2 } }, { a: { 'x.y': 2 } }, []],
    [{ a: [] }, { a: [1] }, { a: [1] }, []],
    [{}, { a: [1] }, { a: [1] }, []],
    [{ a: [1, 2, 3] }, { a: [1, 2, 3, 4] }, { 'a.3': 4 }, []],
    [{ a: [1, 2, 3] }, { a: [1, 3] }, { a: [1, 3] }, []],
    [{ a: [1, 2] }, { a: [9, 1, 2] }, { a: [9, 1, 2] }, []],
    [{ a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, { 'a.1.b': 3 }, []],
  ])('%j to %j', (before, after, updated, removed) => {
    const change = describeChange(asStored(before), asStored(after))
    expect(exactly(change.updatedFields)).toBe(exactly(updated))
    expect(change.removedFields).toEqual(removed)
    expect(change.truncatedArrays).toEqual([])
  })

  it('says enough to make the new document of the old one', () => {
    fc.assert(
      fc.property(documents, updates, (before, update) => {
        const after = applied(before, update)
        if (after === undefined) return
        expect(exactly(rebuilt(before, describeChange(before, after)))).toBe(exactly(after))
        const told = compileUpdate(update).describe(before, after, { inserting: false })
        expect(exactly(rebuilt(before, told))).toBe(exactly(after))
        expect(exactly(rebuilt(before, describeDifference(before, after)))).toBe(exactly(after))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the description by a compiled update', () => {
  const described = (before: Document, update: Document | Document[], positional?: number) => {
    const compiled = compileUpdate(asStored({ update }).update)
    const document = asStored(before)
    const context = { inserting: false, positional }
    return compiled.describe(document, compiled.apply(document, context), context)
  }

  it.each<[before: Document, update: Document, updated: Document, removed: string[]]>([
    [{ a: { b: 1, c: 1 } }, { $set: { a: { b: 2, c: 1 } } }, { a: { b: 2, c: 1 } }, []],
    [{ a: { b: 1, c: 1 } }, { $set: { 'a.b': 2 } }, { 'a.b': 2 }, []],
    [{}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }, []],
    [{ a: { b: 1 } }, { $set: { 'a.c.d': 1 } }, { 'a.c': { d: 1 } }, []],
    [{ a: 1 }, { $set: { a: 1 }, $inc: { b: 1 } }, { b: 1 }, []],
    [{ a: [{ x: 1, y: 1 }] }, { $set: { 'a.0': { x: 2, y: 1 } } }, { 'a.0': { x: 2, y: 1 } }, []],
    [{ a: [1, 2] }, { $push: { a: { $each: [3, 4] } } }, { 'a.2': 3, 'a.3': 4 }, []],
    [{ a: [1] }, { $push: { a: { $each: [2], $slice: 9 } } }, { a: [1, 2] }, []],
    [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: 0, $slice: 2 } } }, { a: [9, 1] }, []],
    [{ a: [1] }, { $addToSet: { a: 2 } }, { a: [1, 2] }, []],
    [{ a: [{ x: 1 }, { x: 2 }] }, { $pull: { a: { x: 1 } } }, { a: [{ x: 2 }] }, []],
    [{ a: [{ k: 1 }, { k: 2 }] }, { $set: { 'a.$.v': 5 } }, { 'a.1.v': 5 }, []],
    [{ a: 1, b: { c: 1 } }, { $unset: { 'b.c': 1 }, $rename: { a: 'z' } }, { z: 1 }, ['a', 'b.c']],
  ])('%j with %j', (before, update, updated, removed) => {
    const change = described(before, update, 1)
    expect(exactly(change.updatedFields)).toBe(exactly(updated))
    expect(change.removedFields.toSorted()).toEqual(removed)
    expect(change.truncatedArrays).toEqual([])
  })

  it('tells field names that look like positions from positions', () => {
    expect(described({ a: { 1: 1 } }, { $set: { 'a.1': 2 } })).toMatchObject({
      updatedFields: { 'a.1': new Int32(2) },
      disambiguatedPaths: { 'a.1': ['a', '1'] },
    })
    expect(described({ a: [{ 1: 1 }] }, { $unset: { 'a.0.1': 1 } })).toMatchObject({
      removedFields: ['a.0.1'],
      disambiguatedPaths: { 'a.0.1': ['a', new Int32(0), '1'] },
    })
    expect(described({ a: [1] }, { $set: { 'a.0': 2 } }).disambiguatedPaths).toEqual({})
  })

  it('of a pipeline names the positions that changed, and a shorter array by its size', () => {
    const text = 'some text that makes the whole array longer than its differences'
    const before = {
      a: [
        { v: 1, text },
        { v: 2, text },
        { v: 3, text },
      ],
      b: 1,
      c: [1],
    }
    const shorter = { $set: { a: { $slice: ['$a', 2] }, c: [2] } }
    const change = described(before, [shorter, { $unset: 'b' }])
    expect(exactly({ ...change })).toBe(
      exactly({
        updatedFields: { c: [2] },
        removedFields: ['b'],
        truncatedArrays: [{ field: 'a', newSize: 2 }],
        disambiguatedPaths: {},
      }),
    )
    const moved = described(before, [
      { $set: { a: { $filter: { input: '$a', cond: { $ne: ['$$this.v', 2] } } } } },
    ])
    expect(exactly({ ...moved })).toBe(
      exactly({
        updatedFields: { 'a.1.v': 3 },
        removedFields: [],
        truncatedArrays: [{ field: 'a', newSize: 2 }],
        disambiguatedPaths: {},
      }),
    )
  })
})

const value = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((number) => new Int32(number)),
  fc.integer({ min: 0, max: 3 }).map((number) => new Double(number)),
  fc.constant(null),
)
const inner = fc.dictionary(fc.constantFrom('x', 'y'), value, { maxKeys: 2, noNullPrototype: true })
const documents = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(value, inner, fc.array(fc.oneof(value, inner), { maxLength: 3 })),
  { maxKeys: 3, noNullPrototype: true },
)
const path = fc.constantFrom('a', 'b', 'c', 'a.x', 'b.y', 'a.0', 'b.1', 'c.0.x')
const updates = fc
  .tuple(fc.constantFrom('$set', '$unset', '$push', '$addToSet', '$pull', '$pop', '$inc'), path, value)
  .map(([operator, at, operand]) => ({ [operator]: { [at]: operator === '$pop' ? new Int32(1) : operand } }))

/** What a reader of the change stream makes of the old document. */
function rebuilt(before: Document, change: ChangeDescription): Document {
  const document = cloneContainers(before)
  for (const path of change.removedFields) locate(document, path.split('.')).remove()
  for (const { field, newSize } of change.truncatedArrays) {
    const array = locate(document, field.split('.'))
    array.write((array.read() as unknown[]).slice(0, newSize.value))
  }
  for (const [path, updated] of Object.entries(change.updatedFields))
    locate(document, path.split('.')).write(updated)
  return document
}

/** The updated document; undefined where the update cannot apply to it. */
function applied(before: Document, update: Document): Document | undefined {
  try {
    return compileUpdate(update).apply(before, { inserting: false })
  } catch (error) {
    if (error instanceof Error && error.name === 'ServerError') return undefined
    throw error
  }
}
