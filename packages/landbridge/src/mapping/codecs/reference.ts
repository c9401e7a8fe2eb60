import { ObjectId } from 'bson'
import { getTableColumns } from 'drizzle-orm'
import type { AnyPgColumn, AnyPgTable, PgTable } from 'drizzle-orm/pg-core'
import { isObjectIdHex, objectIdHexFromUuid, uuidFromObjectId } from '../../identity/object-id-uuid.ts'
import { objectIdHex } from '../bson-value.ts'
import { MappingError } from '../mapping-error.ts'
import { textTrouble } from '../storable-text.ts'
import type { PgValue } from '../types.ts'
import { type Codec, type FieldOptions, refuse, refuseType } from './codec.ts'

export interface ReferenceOptions extends FieldOptions {
  to: () => AnyPgTable
  /** What a reference to nothing does: `keep` leaves the exact value and lists it. */
  orphan: 'keep' | 'quarantine'
}

/**
 * A field that holds an entity's id or something from outside (REF3): the columns `<name>RefKind`, `<name>Id`,
 * `<name>ExternalRef` and `<name>RefForm`. The kind follows from the value alone; the form keeps how it was stored.
 */
export function reference(table: PgTable, name: string, options: ReferenceOptions): Codec {
  const columns = getTableColumns(table) as Record<string, AnyPgColumn>
  const column = (suffix: string): AnyPgColumn => {
    const found = columns[`${name}${suffix}`]
    if (found === undefined) {
      throw new MappingError(
        'mapping-invalid',
        `reference "${name}" needs the column ${name}${suffix} in its table`,
      )
    }
    return found
  }
  return {
    kind: 'reference',
    columns: [column('RefKind'), column('Id'), column('ExternalRef'), column('RefForm')],
    refused: options.refused,
    empty: options.empty,
    raw: { kind: 'reference' },
    reference: { column: 1, kindColumn: 0, to: options.to, orphan: options.orphan },
    settings: { orphan: options.orphan },
    encode(value, type) {
      if (type === 'objectId') {
        return { cells: ['entity', uuidFromObjectId(objectIdHex(value)), null, 'objectId'], exact: true }
      }
      if (type !== 'string') return refuseType('a reference', type)
      const text = value as string
      const hex = text.toLowerCase()
      if (isObjectIdHex(hex))
        return { cells: ['entity', uuidFromObjectId(hex), null, 'hex'], exact: hex === text }
      const trouble = textTrouble(text)
      if (trouble !== undefined) return refuse(trouble, 'Postgres cannot hold this text')
      return {
        cells: [text.startsWith('template-checkout-') ? 'template' : 'external', null, text, 'text'],
        exact: true,
      }
    },
    decode: decodeReference,
  }
}

function decodeReference([kind, id, external, form]: PgValue[]): unknown {
  if (kind !== 'entity') return external
  if (typeof id !== 'string') {
    throw new MappingError('row-not-mappable', 'a reference of kind entity has no id')
  }
  const hex = objectIdHexFromUuid(id)
  return form === 'hex' ? hex : ObjectId.createFromHexString(hex)
}
