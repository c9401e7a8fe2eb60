import { describe, expect, it } from 'vitest'
import { threadsMapping } from '../testing/growing-unit.ts'
import { changesOfEvent, changesOfIds, mergeChanges } from './growing-changes.ts'

const named = (updateDescription: Record<string, unknown>, operation = 'update') =>
  changesOfEvent(threadsMapping, { operation, whole: { updateDescription } })
const places = (...at: number[]) => new Map([['messages', { places: new Set(at), ids: [] }]])

describe('changesOfEvent', () => {
  it('names appended elements, those changed in place, and none where only the rest has changed', () => {
    expect(named({ updatedFields: { 'messages.12': {}, 'messages.3.body': 'x', title: 't' } })).toEqual(
      places(12, 3),
    )
    expect(named({ updatedFields: {}, removedFields: ['messages.4.sentAt'] })).toEqual(places(4))
    expect(named({ truncatedArrays: [{ field: 'messages.4.files', newSize: 1 }] })).toEqual(places(4))
    expect(named({ updatedFields: { messagesSeen: 1, title: 't' } })).toEqual(new Map())
  })

  it('G7: asks for the whole document for a whole or a cut array, and for anything but an update', () => {
    expect(named({ updatedFields: { messages: [] } })).toBeUndefined()
    expect(named({ removedFields: ['messages'] })).toBeUndefined()
    expect(
      named({ updatedFields: { 'messages.1': {} }, truncatedArrays: [{ field: 'messages', newSize: 2 }] }),
    ).toBeUndefined()
    for (const operation of ['insert', 'replace', 'delete']) expect(named({}, operation)).toBeUndefined()
    expect(changesOfEvent(threadsMapping, { operation: 'update', whole: {} })).toBeUndefined()
  })
})

describe('mergeChanges', () => {
  it('puts events of one document together; one that needs the whole decides for all', () => {
    const both = mergeChanges(places(1), mergeChanges(places(2), changesOfIds({ messages: ['a'] })))
    expect(both).toEqual(new Map([['messages', { places: new Set([1, 2]), ids: ['a'] }]]))
    expect(mergeChanges(places(1), undefined)).toBeUndefined()
    expect(mergeChanges(undefined, places(1))).toBeUndefined()
  })
})
