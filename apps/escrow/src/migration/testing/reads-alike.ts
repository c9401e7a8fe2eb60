import fc from 'fast-check'
import { arbitraryDocument } from 'landbridge/laws'
import type { Mapping } from 'landbridge/mapping'
import { expect, test } from 'vitest'
import { asDriverReads, mappedRows } from './rows-as-read.ts'

export type MappedRows = NonNullable<ReturnType<typeof mappedRows>>

/** Whatever an old document holds, its rows (with what they keep in `extra`) read as the document itself does. */
export function readsAlike(
  mapping: Mapping,
  fromDocument: (document: never) => unknown,
  fromRows: (rows: MappedRows) => unknown,
): void {
  test(`${mapping.collection}: rows read as their document does`, () => {
    fc.assert(
      fc.property(arbitraryDocument(mapping), (document) => {
        // The driver hands the deprecated symbol over as text; no driver has written one for a decade.
        fc.pre(!holdsSymbol(document))
        const rows = mappedRows(mapping, document)
        if (rows === undefined) return
        expect(fromRows(rows)).toEqual(fromDocument(asDriverReads(document)))
      }),
      { numRuns: 100 },
    )
  }, 30_000)
}

function holdsSymbol(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if ('_bsontype' in value) return value._bsontype === 'BSONSymbol'
  return Object.values(value).some(holdsSymbol)
}
