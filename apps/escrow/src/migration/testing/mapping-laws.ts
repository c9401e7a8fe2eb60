import fc from 'fast-check'
import { arbitraryDocument, checkLaws } from 'landbridge/laws'
import { checkCompleteness, type Mapping } from 'landbridge/mapping'
import type { Schema } from 'mongoose'
import { expect, test } from 'vitest'

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

  test(`${mapping.collection}: no path of the Mongoose schema is forgotten`, () => {
    expect(checkCompleteness(mapping, { paths: schema.paths })).toEqual([])
  })
}
