import { ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { threadsMapping } from '../../testing/growing-unit.ts'
import { arbitraryDocument } from '../arbitrary-document.ts'
import { anyValue, documentOf } from '../arbitrary-value.ts'
import { encodeBson } from '../bson.ts'
import { MappingError } from '../mapping-error.ts'
import { counterMapping, orderMapping, talkMapping, walkedMapping } from '../test-mappings.ts'
import type { Document } from '../types.ts'
import { compileCopyEncoder } from './copy-encoder.ts'
import { planLaw } from './plan-law.ts'

const uuid = '00000000-0000-8000-8000-000000000001'

/** What every order has that needs nothing in extra. */
const always = { amount: { currency: 'USD' }, watchers: [], parentId: null, quality: { score: null } }

/** The raw document; undefined for one that no server could hold. */
function raw(document: Document): Uint8Array | undefined {
  try {
    return encodeBson(document)
  } catch (error) {
    if (error instanceof MappingError) return undefined
    throw error
  }
}

describe('the walker over raw BSON', () => {
  it.each(
    [orderMapping, walkedMapping, counterMapping, threadsMapping, talkMapping].map(
      (mapping) => [mapping.tables.map(({ name }) => name).join(), mapping] as const,
    ),
  )('writes the rows of the codecs, and leaves few documents to them: %s', (_tables, mapping) => {
    const check = planLaw(mapping)
    let [walked, mapped] = [0, 0]
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 9, arbitrary: arbitraryDocument(mapping) },
          { weight: 1, arbitrary: documentOf(anyValue) },
        ),
        (document) => {
          const bytes = raw(document)
          if (bytes === undefined) return
          const said = check(bytes, uuid)
          expect(said.breach).toBe(undefined)
          if (said.walked) walked++
          if (!said.refused) mapped++
        },
      ),
      { numRuns: 300 },
    )
    expect(walked).toBeGreaterThan(mapped * 0.5)
  })

  it('takes elements and values that need `extra`, and rolls back what must be refused', () => {
    const order = (more: Document): Uint8Array =>
      encodeBson({ _id: new ObjectId(), ...always, delivery: { lines: [] }, tags: ['a'], ...more })
    const encoder = compileCopyEncoder(walkedMapping)
    const said = [
      { delivery: { lines: [{ sku: 'a', notes: [] }] } },
      { delivery: { lines: [{ sku: 'b', notes: [], more: 1 }, { notes: [] }] } },
      { title: null, legacyNote: { a: [1] }, isOpen: 'yes' },
      { amount: { currency: 'GBP' } },
      { tags: 'none' },
    ].map((more) => encoder.encode(order(more)))
    expect(said).toEqual(['encoded', 'encoded', 'encoded', 'unusual', 'encoded'])
    const rows = encoder.finish().map((payload) => `${payload.table} ${payload.rows}`)
    expect(rows).toEqual([
      'orders 4',
      'order_lines 1',
      'line_notes 0',
      'order_tags 3',
      'order_watchers 0',
      'order_quotes 0',
    ])
  })

  it('never trusts bytes that are not sound', () => {
    const sound = encodeBson({
      _id: new ObjectId(),
      ...always,
      delivery: { lines: [], cache: { a: 'dropped' } },
      tags: ['añ'],
      title: 'x',
      isOpen: true,
      preferences: { a: [1.5, 'b'] },
      unknown: { b: 'c' },
    })
    const check = planLaw(walkedMapping)
    let refused = 0
    fc.assert(
      fc.property(fc.nat(sound.length - 1), fc.nat(255), (at, byte) => {
        const broken = Uint8Array.from(sound)
        broken[at] = byte
        const said = check(broken)
        expect(said.breach).toBe(undefined)
        if (said.refused) refused++
      }),
      { numRuns: 600 },
    )
    expect(refused).toBeGreaterThan(100)
    for (let length = 0; length < sound.length; length++)
      expect(check(sound.subarray(0, length))).toMatchObject({ breach: undefined, walked: false })
  })
})
