import fc from 'fast-check'
import { objectIdFromUuid, uuidFromObjectId } from 'landbridge'
import { expect, test } from 'vitest'
import { type EntityId, newId, parseId, publicId } from '../platform/ids.ts'

const hex24 = fc.stringMatching(/^[0-9a-f]{24}$/)

test("the application's ids are the engine's", () => {
  fc.assert(
    fc.property(hex24, (hex) => {
      expect(parseId(hex)).toBe(uuidFromObjectId(hex))
      expect(publicId(uuidFromObjectId(hex) as EntityId)).toBe(hex)
    }),
  )
  const id = newId()
  expect(objectIdFromUuid(id).toHexString()).toBe(publicId(id))
})
