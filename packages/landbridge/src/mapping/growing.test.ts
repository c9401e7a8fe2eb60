import { ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { threadsMapping } from '../testing/growing-unit.ts'
import { arbitraryDocument } from './arbitrary-document.ts'
import { rowsEqual } from './compare-rows.ts'
import { checkLaws } from './laws.ts'
import type { Document, EntityRows } from './types.ts'

const [first, second] = [new ObjectId(), new ObjectId()]

function thread(messages: unknown): Document {
  return { _id: new ObjectId(), members: [], messages, count: 2, last: { body: 'b' } }
}

function mapped(document: Document): EntityRows {
  const outcome = threadsMapping.mapDocument(document)
  if (outcome.kind === 'refused') throw new Error(outcome.reason)
  return outcome.rows
}

describe('a growing child', () => {
  it('obeys the laws', () => {
    fc.assert(
      fc.property(arbitraryDocument(threadsMapping), (document) => {
        expect(checkLaws(threadsMapping, [document])).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('lands in rows that are known by id and ordered by seq, with what is inside of them', () => {
    const rows = mapped(
      thread([
        { _id: second, body: 'a', files: [{ url: 'x' }, { url: 'y' }] },
        { _id: first, body: 'b', files: [{ url: 'z' }] },
      ]),
    )
    expect(rows.tables.thread_messages).toMatchObject([
      { id: uuidFromObjectId(second.toHexString()), seq: '1', body: 'a' },
      { id: uuidFromObjectId(first.toHexString()), seq: '2', body: 'b' },
    ])
    expect(rows.tables.thread_message_files).toMatchObject([
      { message_id: uuidFromObjectId(second.toHexString()), ordinal: 0, url: 'x' },
      { message_id: uuidFromObjectId(second.toHexString()), ordinal: 1, url: 'y' },
      { message_id: uuidFromObjectId(first.toHexString()), ordinal: 0, url: 'z' },
    ])
  })

  it('compares seq as rank', () => {
    const rows = mapped(thread([{ _id: first }, { _id: second }]))
    const renumbered = structuredClone(rows)
    for (const [i, row] of (renumbered.tables.thread_messages ?? []).entries()) row.seq = String(70 + 5 * i)
    expect(rowsEqual(threadsMapping, rows, renumbered)).toBe(true)
    const [a, b] = renumbered.tables.thread_messages ?? []
    renumbered.tables.thread_messages = [b ?? {}, a ?? {}]
    expect(rowsEqual(threadsMapping, rows, renumbered)).toBe(false)
  })

  it.each([
    ['an element without _id', [{ _id: first }, { body: 'b' }]],
    ['an _id twice', [{ _id: first }, { _id: first, body: 'b' }]],
    ['an _id that is text', [{ _id: first.toHexString() }]],
    ['an element that is no document', [{ _id: first }, null]],
  ])('keeps an array with %s whole in extra', (_what, messages) => {
    const document = thread(messages)
    const rows = mapped(document)
    expect(rows.tables.thread_messages).toEqual([])
    expect(Object.keys(rows.tables.threads?.[0]?.extra ?? {})).toContain('messages')
    expect(checkLaws(threadsMapping, [document])).toEqual([])
  })
})
