import { ObjectId } from 'bson'
import type { AnyPgColumn, AnyPgTable } from 'drizzle-orm/pg-core'
import { isObjectIdHex, objectIdHexFromUuid, uuidFromObjectId } from '../../identity/object-id-uuid.ts'
import { objectIdHex } from '../bson-value.ts'
import type { PgValue } from '../types.ts'
import { type Codec, type FieldOptions, refuse, refuseType } from './codec.ts'

export interface ObjectIdOptions extends FieldOptions {
  /** The table that it points to; without it, foreign keys in the database tell. */
  to?: () => AnyPgTable
  /** What a reference to nothing does. Default `keep`: the exact value stays, and is listed. */
  orphan?: 'keep' | 'quarantine'
}

/** An ObjectId in a uuid column. 24 hex digits as text are the same id and come back as text. */
export function objectId(column: AnyPgColumn, options: ObjectIdOptions = {}): Codec {
  return {
    kind: 'object-id',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    raw: { kind: 'object-id' },
    reference:
      options.to === undefined ? undefined : { column: 0, to: options.to, orphan: options.orphan ?? 'keep' },
    settings: { orphan: options.orphan ?? null },
    encode(value, type) {
      if (type === 'objectId') return { cells: [uuidFromObjectId(objectIdHex(value))], exact: true }
      if (type !== 'string') return refuseType('an ObjectId', type)
      const hex = (value as string).toLowerCase()
      return isObjectIdHex(hex)
        ? { cells: [uuidFromObjectId(hex)], exact: false }
        : refuse('type', 'text that is no ObjectId')
    },
    decode: ([cell]: PgValue[]) => ObjectId.createFromHexString(objectIdHexFromUuid(cell as string)),
  }
}

/** `_id` of a table that keeps the id people know: uuid and 24 hex digits, written together. */
export function entityId(id: AnyPgColumn, legacyObjectId: AnyPgColumn): Codec {
  return {
    kind: 'entity-id',
    columns: [id, legacyObjectId],
    refused: 'quarantine',
    raw: { kind: 'entity-id' },
    encode(value, type) {
      if (type !== 'objectId')
        return refuse('id', `_id is ${type}; declare identity: 'id-map' for such a collection`)
      const hex = objectIdHex(value)
      return { cells: [uuidFromObjectId(hex), hex], exact: true }
    },
    decode: ([uuid]: PgValue[]) => ObjectId.createFromHexString(objectIdHexFromUuid(uuid as string)),
  }
}
