/*
 * The words of a mapping, as every other part of the engine sees them.
 *
 *   entity    one document and its rows
 *   default   the one BSON form that a column value comes back in; nothing more need be remembered
 *   form      the BSON type or spelling that the column cannot give back; kept in `extra.$form[path]`
 *   kept      a value that its column cannot hold; kept in `extra[path]` with a reason
 *   refusal   why a value, or a whole document, cannot go where it should
 */

/** A document as `decodeBson` gives it: numbers, dates and ids as BSON objects, nothing promoted. */
export type Document = Record<string, unknown>

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/**
 * A value of one column. uuid, text, numeric and int8 are strings; int4 a number; timestamptz a Date;
 * bytea a Buffer; jsonb its parsed JSON; arrays are arrays; SQL null is null.
 */
export type PgValue = Json | Date | Uint8Array | PgValue[]

/** A row by SQL column name: every mapped column is present, null where it holds nothing. */
export type Row = Record<string, PgValue>

export interface ColumnShape {
  /** SQL name. */
  name: string
  /** Drizzle property name. */
  property: string
  /** As Postgres spells it: `uuid`, `text`, `numeric(38, 18)`, `timestamp (3) with time zone`, `text[]` ... */
  sqlType: string
  notNull: boolean
  enumValues?: readonly string[]
}

export interface TableShape {
  name: string
  schema?: string
  /** The mapped columns, without the ignored ones; `extra` is the last of them. */
  columns: ColumnShape[]
  /** Child tables, also nested ones: `column` holds the ROOT entity's id; `table` is the root table. */
  parent?: { table: string; column: string }
  kind: 'root' | 'rows' | 'values' | 'row'
  /** Columns that find one row within its entity, in order: enclosing ordinals, then its own; the id in place of a growing child's ordinal. Empty for root. */
  ordinals: string[]
  /** Columns that put the rows of one entity in order: the ordinals, or seq and id of a growing child. */
  order: string[]
  /** In a growing child and the tables inside of it: its path and the column that holds the element's id. */
  element?: { path: string; column: string }
  /** In a growing child: the column that orders its elements, compared as rank. */
  seq?: string
  /** The column for kept values and forms, if the table has one. */
  extra?: string
  /** JSON columns that hold the rest of a container, and what shows the container beside them. */
  rests?: RestShape[]
  /** SQL columns that MongoDB never holds, with the reason; appliers leave them alone. */
  ignoredColumns: Record<string, string>
}

export interface RestShape {
  column: string
  path: string
  /** Columns of the members that are mapped apart from the rest. */
  beside: string[]
}

/** Every table of the mapping is present, children in ordinal order. */
export interface EntityRows {
  id: string
  tables: Record<string, Row[]>
}

export interface ReferenceShape {
  path: string
  table: string
  /** SQL column of the uuid. */
  column: string
  /** SQL column of the kind, for REF3 references. */
  kindColumn?: string
  /** Name (and schema) of the table that it points to, where the mapping says so. */
  to?: string
  toSchema?: string
  orphan: 'keep' | 'quarantine'
}

export interface UniqueShape {
  /** Name of the constraint or index. */
  name: string
  /** Document paths whose values go to `extra` in those that lose. */
  paths: string[]
  outcome: 'extra' | 'quarantine'
}

/** Why a value is kept in `extra`, or a document refused. */
export type RefusalCode =
  /** No field of the mapping owns the path. */
  | 'unmapped'
  /** Not one of the column's values. */
  | 'enum'
  /** Outside of what the codec declares (min, max, pattern). */
  | 'check'
  /** Longer than the column. */
  | 'length'
  /** Another entity holds the same unique value. */
  | 'unique'
  /** Outside of the SQL type's range, NaN or infinite. */
  | 'range'
  /** More decimals than the column has. */
  | 'precision'
  /** Another BSON type than the column stands for. */
  | 'type'
  /** Text with a NUL character. */
  | 'nul'
  /** Text with half a surrogate pair. */
  | 'surrogate'
  /** A NOT NULL column has no value. */
  | 'required'
  /** `_id` is not of the kind that the mapping's identity needs. */
  | 'id'
  /** A reference to nothing, where the reference's policy is quarantine. */
  | 'orphan'
  /** Not valid UTF-8. */
  | 'invalid-utf8'
  /** A value that not even `extra` can hold exactly. */
  | 'unstorable'

/** A value that the applier wants in `extra` although its column could hold it, e.g. the loser of a unique. */
export interface ForcedExtra {
  /** Full path from the root, array elements by index: `passkeys.2.credentialId`. */
  path: string
  reason: RefusalCode
}

export interface KeptValue {
  path: string
  reason: RefusalCode
  valueType: string
}

export type MapOutcome =
  | { kind: 'mapped'; rows: EntityRows; kept: KeptValue[] }
  | { kind: 'refused'; path: string; code: RefusalCode; reason: string; valueType: string }

export interface MapOptions {
  /** The entity's uuid; needed where `identity` is `id-map`. */
  id?: string
  outcomes?: ForcedExtra[]
}

/** The two-way translation of one collection, ready for use. */
export interface Mapping {
  unit: string
  collection: string
  table: TableShape
  /** Parents first. */
  tables: TableShape[]
  appendOnly: boolean
  identity: 'object-id' | 'id-map'
  references: ReferenceShape[]
  uniques: UniqueShape[]
  /** Paths of children that are mirrored by what changed. */
  growing: string[]
  /** Paths that stay behind, each with the reason. */
  dropped: Record<string, string>
  /** Changes when anything of the mapping or of its tables does. */
  schemaHash: string
  /** Document to rows; never throws for what a document holds. */
  mapDocument(document: Document, options?: MapOptions): MapOutcome
  /** Rows to document. Throws a MappingError `row-not-mappable` where a row cannot be told as one. */
  rebuildDocument(rows: EntityRows): Document
  /** The top-level-most document paths that this mapping owns, for `$set` and `$unset`; never `_id`. */
  mappedPaths(): string[]
  /** The uuid of an `_id` that is an ObjectId. Throws an IdentityError for any other. */
  idOf(rawId: unknown): string
}
