import type { Document } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { collationFrom } from '../bson/compare.ts'
import { notSupported } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { documentField } from './fields.ts'

/** The collation of the command, or else the collection's own. */
export function collationOf(command: Document, collection: Collection | undefined): Collation | undefined {
  const own = documentField(command, 'collation')
  return own === undefined ? collection?.collation : collationFrom(own)
}

/** Refuses fields that the stand-in does not act upon but that would change the result. */
export function refuseFields(command: Document, fields: readonly string[]): void {
  for (const field of fields) {
    const value: unknown = command[field]
    if (value !== undefined && value !== null && value !== false) throw notSupported(`option ${field}`)
  }
}
