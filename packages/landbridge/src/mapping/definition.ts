import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Codec } from './codecs/codec.ts'
import type { Document, Row } from './types.ts'

/** What an element or document of one table may declare. Everything else is inferred from the table. */
export interface ElementDefinition {
  /** Codecs by path, for what the table alone does not tell. */
  fields?: Record<string, Codec>
  /** Paths that become tables of their own: `rows`, `values` or `row`. */
  children?: Record<string, Child>
  /** Paths that stay behind in MongoDB, each with the reason. */
  dropped?: Record<string, string>
  /** Columns (Drizzle property names) that MongoDB never holds, each with the reason; appliers leave them alone. */
  ignoreColumns?: Record<string, string>
}

export interface MappingDefinition extends ElementDefinition {
  unit: string
  collection: string
  table: PgTable
  /**
   * Paths that are computed from the rest of the document, e.g. a chat's last message. They are recomputed on the
   * way back; a stored value that differs is kept as long as what it was computed from stays the same.
   */
  derived?: Record<string, Derivation>
  /** A chunk inserts what is missing and deletes nothing. */
  appendOnly?: boolean
  identity?: 'object-id' | 'id-map'
  /** By constraint or index name: which paths lose their column when another entity holds the value. */
  uniques?: Record<string, { paths: string[]; outcome: 'extra' | 'quarantine' }>
  /** What a path does that nobody mapped. Default `extra`. */
  unmapped?: 'extra' | 'quarantine'
}

/**
 * How a derived path is computed: from the rest of the document, and, so that a growing child need not be read whole
 * for it, from its rows too. Both must give the same value for the same state.
 */
export type Derivation =
  | ((document: Document) => unknown)
  | {
      compute: (document: Document) => unknown
      /**
       * All paths that `compute` looks at, through arrays without an index (`messages.senderId`), so that a copy need
       * not read the rest of the document for it. Left out: the whole document is read.
       */
      reads?: readonly string[]
      /** BSON as `compute` gives it; undefined where the path is missing. Runs in the mirror's snapshot. */
      fromRows: (query: RowQuery, entity: string) => Promise<unknown>
    }

/** One bound SQL statement on the entity's own tables: uuid, text, numeric and int8 are strings. */
export type RowQuery = (sql: string, values: readonly unknown[]) => Promise<Row[]>

export interface ChildOptions extends ElementDefinition {
  /** The column that holds the ROOT entity's id, also in nested tables; found by its foreign key if left out. */
  parent?: AnyPgColumn
  /** For tables inside `rows`: the columns that hold the ordinals of the enclosing elements, outermost first. */
  within?: AnyPgColumn[]
  /** What a value that cannot be mapped does to the whole array. Default: it goes to the parent's `extra`. */
  refused?: 'extra' | 'quarantine'
  /** What no rows mean in the document. Default `[]` for `rows` and `values`; always missing for `row`. */
  empty?: '[]' | 'missing'
  /**
   * For `rows` right under the root: the array grows without end (chat messages) and is mirrored by what changed.
   * Elements need a unique ObjectId `_id`, which lands in the column `id` (uuid, NOT NULL; key: parent and id); `seq`
   * (NOT NULL) orders them and is compared as rank, never as number. Tables inside name this id, not an ordinal, as
   * the first of their `within` columns. An array with other elements goes whole to the parent's `extra`.
   */
  growing?: { seq: AnyPgColumn }
}

export interface ValuesOptions extends Omit<ChildOptions, 'fields' | 'children' | 'dropped' | 'growing'> {
  /** The column of the scalar. */
  value: AnyPgColumn
  /** Its codec; inferred from the column if left out. */
  codec?: Codec
}

export interface Child extends ChildOptions {
  kind: 'rows' | 'values' | 'row'
  table: PgTable
  value?: AnyPgColumn
  codec?: Codec
}

/** An array of documents: one row an element, in order (column `ordinal`). */
export function rows(table: PgTable, options: ChildOptions = {}): Child {
  return { ...options, kind: 'rows', table }
}

/** An array of scalars: one row an element, in order (column `ordinal`). */
export function values(table: PgTable, options: ValuesOptions): Child {
  return { ...options, kind: 'values', table }
}

/** An embedded document: no row or one. */
export function row(table: PgTable, options: ChildOptions = {}): Child {
  return { ...options, kind: 'row', table }
}
