import type { AnyPgColumn, AnyPgTable } from 'drizzle-orm/pg-core'
import type { BsonType } from '../bson-value.ts'
import type { TypesNode } from '../natural-json.ts'
import type { Json, PgValue, RefusalCode } from '../types.ts'

/** What became of a value: one cell for each of the codec's columns, or why it has none. */
export type Encoded =
  | {
      cells: PgValue[]
      /** Whether `decode(cells)` gives the very value back; left out where the caller must compare. */
      exact?: boolean
    }
  | { refused: RefusalCode; reason: string }

/** A form of a place inside a json column: its path below the column's own, and the exact BSON value. */
export interface LeafForm {
  path: string[]
  value: unknown
}

export interface CodecReference {
  /** Index of the uuid column and, for REF3, of the kind column among `columns`. */
  column: number
  kindColumn?: number
  to?: () => AnyPgTable
  orphan: 'keep' | 'quarantine'
}

/**
 * The compiled form: the way from raw BSON to the columns for the one BSON type whose every value (within what is
 * declared here) the codec takes exactly. All other types and values take the way over `encode`, one by one;
 * `general` is for codecs of rare columns, whose every value does.
 */
export type RawWay =
  | {
      kind:
        | 'object-id'
        | 'hex-id'
        | 'entity-id'
        | 'reference'
        | 'boolean'
        | 'timestamp'
        | 'binary'
        | 'general'
    }
  | { kind: 'text'; maxLength: number; allowed?: ReadonlySet<string>; pattern?: RegExp }
  /** `from` is the BSON type; Int32 unless told otherwise. */
  | {
      kind: 'integer'
      size: 2 | 4 | 8
      min: number
      max: number
      allowed?: ReadonlySet<number>
      from?: 'long'
    }
  | { kind: 'numeric'; scale: number; min: number; exclusiveMin: number; max: number }
  | { kind: 'array'; element: Codec }
  | { kind: 'json'; types: TypesNode }

/** What every codec can be told. */
export interface FieldOptions {
  /** What a value does that the column cannot hold. Default: `extra` where the columns may be null, else `quarantine`. */
  refused?: 'extra' | 'quarantine'
  /**
   * What null columns mean in the document: that the path is `missing` (the default), or that it is `null`, as for
   * Mongoose fields with `default: null`. The other of the two costs a form.
   */
  empty?: 'missing' | 'null'
}

/**
 * The two-way translation of one document path. Null and undefined never reach a codec: all its cells are null
 * then, and the form is kept by the caller. For cells that came out of `encode`, `encode(decode(cells))` gives the
 * same cells.
 */
export interface Codec extends FieldOptions {
  /** Its name in reports and in the schema's hash. */
  kind: string
  columns: AnyPgColumn[]
  encode(value: unknown, type: BsonType): Encoded
  /** The default BSON form of the cells, of which at least one is not null. */
  decode(cells: PgValue[]): unknown
  /** Whatever else changes what it does, for the schema's hash. */
  settings?: Json
  reference?: CodecReference
  raw: RawWay
  /** For codecs that hold whole documents: the places that `decode` does not give back exactly. */
  leafForms?(value: unknown): LeafForm[]
  /** Puts a form back into a decoded value; false if it does not fit the present cells any more. */
  applyLeafForm?(decoded: unknown, cells: PgValue[], form: LeafForm): boolean
}

export function refuse(refused: RefusalCode, reason: string): Encoded {
  return { refused, reason }
}

/** The usual refusal: a BSON type that the column does not stand for. */
export function refuseType(expected: string, type: BsonType): Encoded {
  return { refused: 'type', reason: `${type} where ${expected} is expected` }
}
