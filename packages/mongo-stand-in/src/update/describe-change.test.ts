import { type Document, Double, Int32, Long } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../bson/as-stored.ts'
import { cloneContainers } from '../bson/clone.ts'
import { compileUpdate } from './compile-update.ts'
import { describeChange } from './describe-change.ts'
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
        const { updatedFields, removedFields } = describeChange(before, after)
        const rebuilt = cloneContainers(before)
        for (const path of removedFields) locate(rebuilt, path.split('.')).remove()
        for (const [path, value] of Object.entries(updatedFields))
          locate(rebuilt, path.split('.')).write(value)
        expect(exactly(rebuilt)).toBe(exactly(after))
      }),
      { numRuns: 1000 },
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

/** The updated document; undefined where the update cannot apply to it. */
function applied(before: Document, update: Document): Document | undefined {
  try {
    return compileUpdate(update).apply(before, { inserting: false })
  } catch (error) {
    if (error instanceof Error && error.name === 'ServerError') return undefined
    throw error
  }
}
