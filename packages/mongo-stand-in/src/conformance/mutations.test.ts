import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MUTATIONS } from './mutations.ts'

describe('mutations', () => {
  it('have names of their own', () => {
    expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length)
  })

  it.each(MUTATIONS)('find their text exactly once: $name', ({ file, find, replace }) => {
    const source = readFileSync(join(import.meta.dirname, '..', file), 'utf8')
    expect(source.split(find).length - 1).toBe(1)
    expect(replace).not.toBe(find)
  })
})
