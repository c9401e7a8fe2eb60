import { ObjectId } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDerivedUuid, objectIdFromUuid, objectIdHexFromUuid, uuidFromObjectId } from './object-id-uuid.ts'

const ids = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString('hex'))

describe('uuids that hold an ObjectId', () => {
  it('are bijective', () => {
    fc.assert(
      fc.property(ids, (hex) => {
        const uuid = uuidFromObjectId(hex)
        expect(objectIdHexFromUuid(uuid)).toBe(hex)
        expect(objectIdFromUuid(uuid.toUpperCase()).toHexString()).toBe(hex)
        expect(uuidFromObjectId(new ObjectId(hex))).toBe(uuid)
      }),
    )
  })

  it('are version 8, variant 10, and carry the mark', () => {
    fc.assert(
      fc.property(ids, (hex) => {
        expect(uuidFromObjectId(hex)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{6}4c4231$/,
        )
        expect(isDerivedUuid(uuidFromObjectId(hex))).toBe(true)
      }),
    )
  })

  it('sort as the ObjectIds do', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(Math.sign(uuidFromObjectId(a).localeCompare(uuidFromObjectId(b)))).toBe(
          Math.sign(a.localeCompare(b)),
        )
      }),
    )
  })

  it('are never seen in a random or foreign uuid', () => {
    fc.assert(
      fc.property(fc.uuid({ version: [1, 4, 7] }), (uuid) => {
        expect(isDerivedUuid(uuid)).toBe(false)
      }),
    )
    for (const foreign of ['', 'x', '507f1f77-bcf8-86cd-8799-439011000000', '507f1f77bcf86cd799439011']) {
      expect(isDerivedUuid(foreign)).toBe(false)
      expect(() => objectIdFromUuid(foreign)).toThrow(
        expect.objectContaining({ code: 'identity-foreign-uuid' }),
      )
    }
  })

  it('are refused for what is no ObjectId', () => {
    for (const bad of [
      '',
      '507f1f77bcf86cd79943901',
      '507f1f77bcf86cd79943901g',
      '507f1f77bcf86cd7994390111',
    ]) {
      expect(() => uuidFromObjectId(bad)).toThrow(
        expect.objectContaining({ code: 'identity-not-an-object-id' }),
      )
    }
  })
})
