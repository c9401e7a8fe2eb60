import { expect, it } from 'vitest'
import { acknowledgedWrites } from './acknowledged-writes.ts'

const bio = {
  unit: 'user',
  collection: 'users',
  id: '69f400000000000000000064',
  path: 'profile.bio',
} as const

it('expects the last acknowledged value', () => {
  const writes = acknowledgedWrites()
  writes.acknowledge(bio, ['one'])
  writes.acknowledge(bio, ['two'])
  expect(writes.of('user')).toEqual([{ ...bio, allowed: ['two'] }])
  expect(writes.of('payment')).toEqual([])
  expect(writes.count()).toBe(2)
})

it('allows both values after a write whose answer never came, until the next answer', () => {
  const writes = acknowledgedWrites()
  writes.acknowledge(bio, ['one'])
  writes.unknown(bio, ['two'])
  expect(writes.of('user')[0]?.allowed).toEqual(['one', 'two'])
  expect(writes.count()).toBe(1)
  writes.acknowledge(bio, ['three'])
  expect(writes.of('user')[0]?.allowed).toEqual(['three'])
})

it('promises nothing of a write that was never acknowledged', () => {
  const writes = acknowledgedWrites()
  writes.unknown(bio, ['one'])
  expect(writes.of('user')).toEqual([])
})
