import { Double, Int32, serialize } from 'bson'
import { expect, it } from 'vitest'
import { showsSomethingNew } from './document-shape.ts'

it('notices paths and types that no document had before, and nothing else', () => {
  const seen = new Set<number>()
  const isNew = (document: Record<string, unknown>) => showsSomethingNew(seen, serialize(document))
  expect(isNew({ a: new Int32(1), b: [{ c: 'x' }] })).toBe(true)
  expect(isNew({ b: [{ c: 'y' }, { c: 'z' }], a: new Int32(2) })).toBe(false)
  expect(isNew({ a: new Double(1) })).toBe(true)
  expect(isNew({ b: [] })).toBe(false)
  expect(isNew({ b: [{ c: 'y' }, { d: 'z' }] })).toBe(true)
  expect(isNew({ b: { c: 'y' } })).toBe(true)
  expect(isNew({ b: [['y']] })).toBe(true)
  expect(isNew({ b: [['y']], a: new Double(2) })).toBe(false)
})

it('takes bytes that are no document for one more thing', () => {
  expect(showsSomethingNew(new Set(), Buffer.from([12, 0, 0, 0, 99, 97, 0, 1, 1, 1, 1, 0]))).toBe(true)
  expect(showsSomethingNew(new Set(), Buffer.from([0]))).toBe(false)
})
