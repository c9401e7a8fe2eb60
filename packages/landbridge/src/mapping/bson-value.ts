import type { Document } from './types.ts'

/** Stands for a path that is not there; null and undefined are values. */
export const MISSING: unique symbol = Symbol('missing')

export type BsonType =
  | 'string'
  | 'int32'
  | 'long'
  | 'double'
  | 'decimal128'
  | 'bool'
  | 'null'
  | 'undefined'
  | 'date'
  | 'objectId'
  | 'binary'
  | 'array'
  | 'document'
  | 'regex'
  | 'timestamp'
  | 'code'
  | 'symbol'
  | 'minKey'
  | 'maxKey'

const TAGS: Record<string, BsonType> = {
  ObjectId: 'objectId',
  Int32: 'int32',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal128',
  Binary: 'binary',
  BSONRegExp: 'regex',
  Timestamp: 'timestamp',
  Code: 'code',
  BSONSymbol: 'symbol',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  // The BSON library reads { $ref, $id } as an object of its own; in BSON it is a plain document.
  DBRef: 'document',
}

/**
 * The BSON type that this value has, or would be written as. Objects are told by their tag, not by class, because
 * two copies of the BSON library may be loaded (the driver's and the application's).
 */
export function bsonTypeOf(value: unknown): BsonType {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'undefined':
      return 'undefined'
    case 'number':
      return Number.isInteger(value) && value === (value | 0) && !Object.is(value, -0) ? 'int32' : 'double'
    case 'bigint':
      return 'long'
    default:
  }
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const tag = (value as { _bsontype?: unknown })._bsontype
  if (typeof tag === 'string' && tag in TAGS) return TAGS[tag] as BsonType
  if (value instanceof Date) return 'date'
  if (value instanceof Uint8Array) return 'binary'
  if (value instanceof RegExp) return 'regex'
  return 'document'
}

/** The members of a document, also of one that the BSON library took for a DBRef. */
export function entriesOf(document: unknown): [string, unknown][] {
  if ((document as { _bsontype?: unknown })._bsontype === 'DBRef') {
    const ref = document as { collection: string; oid: unknown; db?: string; fields: Document }
    const head: [string, unknown][] = [
      ['$ref', ref.collection],
      ['$id', ref.oid],
    ]
    return [
      ...head,
      ...(ref.db === undefined ? [] : [['$db', ref.db] as [string, unknown]]),
      ...Object.entries(ref.fields ?? {}),
    ]
  }
  return Object.entries(document as Document)
}

/** The 24 hex digits of a value of type `objectId`. */
export function objectIdHex(value: unknown): string {
  return (value as { toHexString(): string }).toHexString()
}

/** The number inside a value of type `int32` or `double`. */
export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : (value as { value: number }).value
}

/** The bytes of a value of type `binary`. */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  const { buffer, position } = value as { buffer: Uint8Array; position: number }
  return buffer.subarray(0, position)
}

/** Sets a member; a key named `__proto__` becomes an ordinary member too. */
export function setMember(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
  } else target[key] = value
}

/** The member of that name, or MISSING. */
export function getMember(target: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(target, key) ? target[key] : MISSING
}
