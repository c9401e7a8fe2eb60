import { describe, expect, it } from 'vitest'
import { elementPath } from './unique-sets.ts'

describe('elementPath', () => {
  const document = {
    name: 'x',
    profile: { keys: [{ id: 'a' }, { id: 'b', tags: ['t', 'u'] }] },
    emails: ['a', 'b'],
  }

  it.each([
    ['name', [], 'name'],
    ['profile.keys.id', [1], 'profile.keys.1.id'],
    ['profile.keys.tags', [1, 0], 'profile.keys.1.tags.0'],
    ['emails', [1], 'emails.1'],
    ['not.there', [], 'not.there'],
  ])('%s in row %j is %s', (path, ordinals, expected) => {
    expect(elementPath(document, path, ordinals)).toBe(expected)
  })
})
