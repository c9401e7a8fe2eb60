import { Double, Int32, ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalEquals } from '../mapping/canonical-form.ts'
import type { Document } from '../mapping/types.ts'
import { documentChange, droppedPaths, withDropped } from './document-change.ts'

const none = droppedPaths([])

/** What MongoDB does with the update, for documents whose update paths lead through documents only. */
function applied(current: Document, change: ReturnType<typeof documentChange>): Document {
  if (change.kind === 'none') return current
  if (change.kind === 'replace') return change.document
  const result = structuredClone(current)
  for (const [path, value] of Object.entries(change.update.$set ?? {})) assign(result, path.split('.'), value)
  for (const path of Object.keys(change.update.$unset ?? {})) remove(result, path.split('.'))
  return result
}

function assign(target: Document, keys: string[], value: unknown): void {
  const [key = '', ...rest] = keys
  if (rest.length === 0) {
    target[key] = value
    return
  }
  target[key] ??= {}
  assign(target[key] as Document, rest, value)
}

function remove(target: Document, keys: string[]): void {
  const [key = '', ...rest] = keys
  if (rest.length === 0) delete target[key]
  else if (target[key] !== undefined) remove(target[key] as Document, rest)
}

const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '0'), fc.constantFrom('x.y', '$d', ''))
const { document } = fc.letrec<{ document: Document; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(1, 'text', null, true),
    fc.array(tie('value'), { maxLength: 2 }),
    tie('document'),
  ),
  document: fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
}))

describe('documentChange', () => {
  it('leads from any document to any other', () => {
    fc.assert(
      fc.property(document, document, (current, wanted) => {
        const result = applied(current, documentChange(current, wanted, none))
        expect(canonicalEquals(result, wanted)).toBe(true)
      }),
    )
  })

  it('never touches dropped paths and is done after one change', () => {
    const dropped = droppedPaths(['a.b', 'c'])
    fc.assert(
      fc.property(document, document, (current, wanted) => {
        const clean = { ...wanted }
        delete clean.c
        if (typeof clean.a === 'object' && clean.a !== null && !Array.isArray(clean.a)) {
          clean.a = { ...clean.a }
          delete (clean.a as Document).b
        }
        const result = applied(current, documentChange(current, clean, dropped))
        expect(Object.hasOwn(result, 'c')).toBe(Object.hasOwn(current, 'c'))
        expect(documentChange(result, clean, dropped)).toEqual({ kind: 'none' })
      }),
    )
  })

  it('names the smallest difference', () => {
    const current = { _id: 1, a: { x: 1, y: 2 }, b: 'same', gone: true }
    const wanted = { _id: 1, a: { x: 1, y: 3, z: [1] }, b: 'same' }
    expect(documentChange(current, wanted, none)).toEqual({
      kind: 'update',
      update: { $set: { 'a.y': 3, 'a.z': [1] }, $unset: { gone: '' } },
    })
  })

  it('sees types: Int32 1 and Double 1 differ', () => {
    expect(documentChange({ n: new Int32(1) }, { n: new Double(1) }, none).kind).toBe('update')
  })

  it('replaces the whole document where a top-level key cannot be named', () => {
    const change = documentChange({ 'a.b': 1, c: 2 }, { 'a.b': 2 }, droppedPaths(['c']))
    expect(change).toEqual({ kind: 'replace', document: { 'a.b': 2, c: 2 } })
  })
})

describe('withDropped', () => {
  it('keeps dropped members of array elements, by their _id', () => {
    const [one, two] = [new ObjectId(), new ObjectId()]
    const current = {
      items: [
        { _id: one, n: 1, score: 10 },
        { _id: two, n: 2, score: 20 },
      ],
    }
    const wanted = { items: [{ _id: two, n: 2 }, { _id: one, n: 3 }, { n: 4 }] }
    expect(withDropped(wanted, current, '', droppedPaths(['items.score']))).toEqual({
      items: [{ _id: two, n: 2, score: 20 }, { _id: one, n: 3, score: 10 }, { n: 4 }],
    })
  })
})
