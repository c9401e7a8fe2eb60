import { ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryDocument } from '../arbitrary-document.ts'
import { decodeBson, encodeBson } from '../bson.ts'
import { MappingError } from '../mapping-error.ts'
import { counterMapping, orderMapping, walkedMapping } from '../test-mappings.ts'
import type { Document, EntityRows } from '../types.ts'
import { type CopyEncoder, compileCopyEncoder } from './copy-encoder.ts'

/** What every order has that needs nothing in extra. */
const always = { amount: { currency: 'USD' }, watchers: [], parentId: null, quality: { score: null } }

const walker = compileCopyEncoder(walkedMapping)
const general = compileCopyEncoder(walkedMapping)

function payloads(encoder: CopyEncoder) {
  return encoder
    .finish()
    .map(({ table, rows, payload }) => ({ table, rows, payload: payload.toString('hex') }))
}

/** The raw document; undefined for one that no server could hold. */
function raw(document: Document): Uint8Array | undefined {
  try {
    return encodeBson(document)
  } catch (error) {
    if (error instanceof MappingError) return undefined
    throw error
  }
}

/** The same rows with nothing in extra: their document is all default forms. */
function withoutExtra(rows: EntityRows): EntityRows {
  const tables = Object.fromEntries(
    Object.entries(rows.tables).map(([name, list]) => [
      name,
      list.map((row) => ('extra' in row ? { ...row, extra: null } : row)),
    ]),
  )
  return { id: rows.id, tables }
}

/** Checks one document; answers what the walker said. */
function check(document: Document): string | undefined {
  const bytes = raw(document)
  if (bytes === undefined) return undefined
  const said = walker.encode(bytes)
  const outcome = walkedMapping.mapDocument(document)
  if (said === 'encoded') {
    if (outcome.kind !== 'mapped') throw new Error(`walked, but refused: ${outcome.path} ${outcome.reason}`)
    general.encodeRows(outcome.rows)
  }
  expect(payloads(walker)).toEqual(payloads(general))
  return said
}

describe('the walker over raw BSON', () => {
  it('writes the bytes of the general way, or nothing', () => {
    let [encoded, tried] = [0, 0]
    fc.assert(
      fc.property(arbitraryDocument(walkedMapping), (document) => {
        check(document)
        const outcome = walkedMapping.mapDocument(document)
        if (outcome.kind !== 'mapped') return
        const said = check(walkedMapping.rebuildDocument(withoutExtra(outcome.rows)))
        if (said === undefined) return
        tried++
        if (said === 'encoded') encoded++
      }),
      { numRuns: 200 },
    )
    // Documents of default forms are what the walker is for.
    expect(encoded).toBeGreaterThan(tried * 0.7)
  })

  it('rolls back what an unusual document left, and goes on', () => {
    const clean = (lines: unknown[]): Document => ({
      _id: new ObjectId(),
      ...always,
      delivery: { lines },
      tags: ['a'],
    })
    const documents = [
      clean([{ sku: 'a', notes: [] }]),
      clean([{ sku: 'b', notes: [] }, { notes: [] }]),
      clean([]),
    ]
    expect(documents.map((document) => walker.encode(encodeBson(document)))).toEqual([
      'encoded',
      'unusual',
      'encoded',
    ])
    const rows = walker.finish().map((payload) => `${payload.table} ${payload.rows}`)
    expect(rows).toEqual([
      'orders 2',
      'order_lines 1',
      'line_notes 0',
      'order_tags 2',
      'order_watchers 0',
      'order_quotes 0',
    ])
  })

  it('never trusts bytes that are not sound', () => {
    const sound = encodeBson({
      _id: new ObjectId(),
      ...always,
      delivery: { lines: [] },
      tags: ['añ'],
      title: 'x',
      isOpen: true,
      preferences: { a: [1.5, 'b'] },
    })
    let damaged = 0
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, byte) => {
        const broken = Uint8Array.from(sound)
        broken[at] = byte
        if (walker.encode(broken) === 'encoded') {
          // Then reading it must be exact too, and give the same rows.
          const outcome = walkedMapping.mapDocument(decodeBson(broken))
          if (outcome.kind === 'mapped') general.encodeRows(outcome.rows)
        } else damaged++
        expect(payloads(walker)).toEqual(payloads(general))
      }),
      { numRuns: 1000 },
    )
    expect(damaged).toBeGreaterThan(100)
    for (let length = 0; length < sound.length; length++)
      expect(walker.encode(sound.subarray(0, length))).toBe('unusual')
  })

  it('leaves mappings with derived paths or an id map to the general way', () => {
    for (const mapping of [orderMapping, counterMapping]) {
      expect(compileCopyEncoder(mapping).encode(encodeBson({ _id: new ObjectId() }))).toBe('unusual')
    }
  })
})
