import fc from 'fast-check'
import { arbitraryDocument, checkLaws, planLaw } from 'landbridge/laws'
import { checkCompleteness, type Mapping } from 'landbridge/mapping'
import { mongo, type Schema } from 'mongoose'
import { expect, test } from 'vitest'

/** For mappings that ask the id map. */
const uuid = '00000000-0000-8000-8000-000000000001'

/** The laws of a mapping: there and back exactly, nothing lost silently, no path of the schema forgotten. */
export function mappingLaws(mapping: Mapping, schema: Schema): void {
  test(`${mapping.collection}: documents come back as they were`, () => {
    fc.assert(
      fc.property(arbitraryDocument(mapping), (document) => {
        expect(checkLaws(mapping, [document])).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  test(`${mapping.collection}: its compiled plan does what its codecs do`, () => {
    const check = planLaw(mapping)
    fc.assert(
      fc.property(arbitraryDocument(mapping), (document) => {
        // The driver writes undefined as null and mends half surrogate pairs: what it writes is what a server holds.
        expect(check(mongo.BSON.serialize(document), uuid).breach).toBe(undefined)
      }),
      { numRuns: 100 },
    )
  })

  test(`${mapping.collection}: no path of the Mongoose schema is forgotten`, () => {
    expect(checkCompleteness(mapping, { paths: schema.paths })).toEqual([])
  })
}
