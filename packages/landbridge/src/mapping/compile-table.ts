import { getTableColumns } from 'drizzle-orm'
import { type AnyPgColumn, getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import type { Codec } from './codecs/codec.ts'
import { entityId, objectId } from './codecs/object-id.ts'
import { text } from './codecs/text.ts'
import type { CompiledChild, CompiledField, CompiledTable } from './compiled-table.ts'
import type { Child, ElementDefinition } from './definition.ts'
import { inferCodec } from './infer-codec.ts'
import { MappingError } from './mapping-error.ts'
import { escapeSegment, joinPath, splitPath } from './path.ts'
import { buildTree, containersOf, restsOf } from './path-tree.ts'
import type { ColumnShape, TableShape } from './types.ts'

/** What stands around the table that is being compiled. */
export interface TableContext {
  kind: TableShape['kind']
  identity: 'object-id' | 'id-map'
  rootTable: PgTable
  /** How many `rows` enclose it. */
  depth: number
  /** The growing child that it stands in. */
  growingPath?: string
  derived: string[]
}

/** Resolves one table of a definition, and those below it, against the Drizzle tables. */
export function compileTable(
  table: PgTable,
  definition: ElementDefinition & Partial<Child>,
  context: TableContext,
): CompiledTable {
  const columns = new Columns(table, definition.ignoreColumns ?? {})
  const special = takeSpecialColumns(columns, definition, context)
  const { growing } = special
  const fields = compileFields(columns, definition, context)
  const children = compileChildren(definition.children ?? {}, context)
  const root = buildTree(
    fields,
    children,
    Object.keys(definition.dropped ?? {}),
    context.derived,
    columns.name,
  )
  const config = getTableConfig(table)
  const ordinals = [...special.within, ...(special.ordinal === undefined ? [] : [special.ordinal])]
  if (growing !== undefined) ordinals.push(growing.id)
  const elementColumn = growing?.id ?? special.within[0]
  return {
    ...special,
    shape: {
      name: config.name,
      schema: config.schema,
      columns: columns.mapped(special.extra),
      parent:
        special.parent === undefined
          ? undefined
          : { table: getTableConfig(context.rootTable).name, column: special.parent },
      kind: context.kind,
      ordinals,
      order: growing === undefined ? ordinals : [growing.seq, growing.id],
      element:
        context.growingPath === undefined || elementColumn === undefined
          ? undefined
          : { path: context.growingPath, column: elementColumn },
      seq: growing?.seq,
      extra: special.extra,
      rests: restsOf(fields),
      ignoredColumns: columns.ignored,
    },
    root,
    fields,
    children,
    containers: containersOf(root),
  }
}

/** The columns of a table, each of which may be used once. */
class Columns {
  readonly name: string
  readonly ignored: Record<string, string> = {}
  private readonly byProperty: Map<string, AnyPgColumn>
  private readonly free: Set<AnyPgColumn>

  constructor(table: PgTable, ignoreColumns: Record<string, string>) {
    this.name = getTableConfig(table).name
    this.byProperty = new Map(Object.entries(getTableColumns(table)))
    for (const [property, reason] of Object.entries(ignoreColumns)) {
      const column = this.byProperty.get(property)
      if (column === undefined)
        throw this.fault(`ignoreColumns names "${property}", which is no column of it`)
      this.ignored[column.name] = reason
      this.byProperty.delete(property)
    }
    for (const [property, column] of this.byProperty) {
      if (column.generated === undefined && column.generatedIdentity === undefined) continue
      this.ignored[column.name] = 'computed by Postgres'
      this.byProperty.delete(property)
    }
    this.free = new Set(this.byProperty.values())
  }

  /** Takes the column of that property, if there is a free one. */
  take(property: string): AnyPgColumn | undefined {
    const column = this.byProperty.get(property)
    return column !== undefined && this.free.delete(column) ? column : undefined
  }

  /** Takes exactly this column. */
  use(column: AnyPgColumn, purpose: string): string {
    if (!this.free.delete(column)) {
      throw this.fault(
        `column "${column.name}" (${purpose}) is not one of its columns, is ignored, or is used twice`,
      )
    }
    return column.name
  }

  get(property: string): AnyPgColumn | undefined {
    return this.byProperty.get(property)
  }

  has(property: string): boolean {
    return this.byProperty.has(property)
  }

  /** What nothing has taken yet, by property. */
  remaining(): [string, AnyPgColumn][] {
    return [...this.byProperty].filter(([, column]) => this.free.has(column))
  }

  /** `extra` comes last: what it holds is known when all other columns of a row have been written. */
  mapped(extra: string | undefined): ColumnShape[] {
    const all = [...this.byProperty].map(([property, column]) => columnShape(property, column))
    return [...all.filter(({ name }) => name !== extra), ...all.filter(({ name }) => name === extra)]
  }

  shapesOf(columns: AnyPgColumn[]): ColumnShape[] {
    const properties = new Map([...this.byProperty].map(([property, column]) => [column, property]))
    return columns.map((column) => columnShape(properties.get(column) ?? column.name, column))
  }

  fault(message: string): MappingError {
    return new MappingError('mapping-invalid', `table "${this.name}": ${message}`)
  }
}

function columnShape(property: string, column: AnyPgColumn): ColumnShape {
  const { name, notNull, enumValues } = column
  return {
    name,
    property,
    sqlType: column.getSQLType(),
    notNull,
    ...(enumValues === undefined ? {} : { enumValues }),
  }
}

function takeSpecialColumns(columns: Columns, definition: Partial<Child>, context: TableContext) {
  const extra = columns.take('extra')?.name
  if (context.kind === 'root') return { extra, within: [], growing: undefined }
  const parent = columns.use(definition.parent ?? findParent(definition, columns, context), 'parent')
  const within = (definition.within ?? []).map((column) => columns.use(column, 'within'))
  if (within.length !== context.depth) {
    throw columns.fault(
      `it stands inside ${context.depth} arrays of documents, so \`within\` needs as many columns`,
    )
  }
  const growing = definition.growing && growingColumns(columns, definition.growing.seq, context)
  if (growing !== undefined) return { extra, parent, within, growing }
  const ordinal = columns.take('ordinal')?.name
  if (ordinal === undefined && context.kind !== 'row')
    throw columns.fault('an array needs the column "ordinal"')
  return { extra, parent, within, ordinal }
}

function growingColumns(columns: Columns, seq: AnyPgColumn, context: TableContext) {
  if (context.kind !== 'rows' || context.depth > 0)
    throw columns.fault('only `rows` right under the root can be growing')
  const name = columns.use(seq, 'seq')
  const id = columns.get('id')
  if (id === undefined || id.getSQLType() !== 'uuid' || !id.notNull)
    throw columns.fault(
      'a growing child needs the column "id" (uuid, NOT NULL) for the `_id` of its elements',
    )
  return { id: id.name, seq: name, seqIsText: seq.getSQLType() === 'bigint' }
}

function findParent(definition: Partial<Child>, columns: Columns, context: TableContext): AnyPgColumn {
  const keys = definition.table === undefined ? [] : getTableConfig(definition.table).foreignKeys
  const toRoot = keys.map((key) => key.reference()).filter((key) => key.foreignTable === context.rootTable)
  const [only, second] = toRoot
  const column = only?.columns[0]
  if (column === undefined || second !== undefined) {
    throw columns.fault('name its `parent` column: not exactly one foreign key leads to the root table')
  }
  return column
}

function compileFields(
  columns: Columns,
  definition: ElementDefinition & Partial<Child>,
  context: TableContext,
) {
  if (context.kind === 'values') return [scalarField(columns, definition)]
  const fields: CompiledField[] = []
  const declared = Object.entries(definition.fields ?? {})
  const add = (path: string, codec: Codec) => fields.push(compileField(columns, path, codec))
  if (context.kind === 'root') add('_id', rootId(columns, context))
  for (const [path, codec] of declared) {
    if (context.kind === 'root' && path === '_id') continue
    for (const column of codec.columns) columns.use(column, `field "${path}"`)
    add(path, codec)
  }
  for (const [property, column] of columns.remaining()) {
    const prefix = /^(.+)(RefKind|RefForm|ExternalRef)$/.exec(property)?.[1]
    if (prefix !== undefined && columns.has(`${prefix}RefKind`)) {
      throw columns.fault(`declare the field of reference(table, "${prefix}", { to, orphan })`)
    }
    columns.use(column, property)
    add(inferredPath(property), inferCodec(column))
  }
  // Containers before what lies in them: the rest of a document is put back before its mapped members.
  return fields.sort((a, b) => a.segments.length - b.segments.length)
}

function inferredPath(property: string): string {
  if (property === 'id') return '_id'
  return property === 'docVersion' ? '__v' : escapeSegment(property)
}

function rootId(columns: Columns, context: TableContext): Codec {
  const id = columns.take('id')
  if (id === undefined) throw columns.fault('it needs the column "id" (uuid)')
  const legacy = columns.take('legacyObjectId')
  if (context.identity === 'object-id')
    return legacy === undefined ? objectId(id, { refused: 'quarantine' }) : entityId(id, legacy)
  if (legacy === undefined)
    throw columns.fault('identity \'id-map\' needs the column "legacyObjectId" (text)')
  return text(legacy, { refused: 'quarantine' })
}

function scalarField(columns: Columns, definition: Partial<Child>): CompiledField {
  if (definition.value === undefined) throw columns.fault('values() needs the `value` column')
  const codec = definition.codec ?? inferCodec(definition.value)
  for (const column of codec.columns) columns.use(column, 'value')
  const [left] = columns.remaining()
  if (left !== undefined)
    throw columns.fault(`column "${left[0]}" holds nothing of a scalar; list it in ignoreColumns`)
  return compileField(columns, '', codec)
}

function compileField(columns: Columns, path: string, codec: Codec): CompiledField {
  const shapes = columns.shapesOf(codec.columns)
  // A reference's columns are null together only where its kind may be; the first column stands for all.
  const nullable = shapes.every((shape) => !shape.notNull)
  return {
    path: joinPath(splitPath(path)),
    segments: splitPath(path),
    codec,
    columns: shapes,
    refused: codec.refused ?? (nullable ? 'extra' : 'quarantine'),
    empty: codec.empty ?? 'missing',
    holdsRest: false,
  }
}

function growingPath(path: string, context: TableContext): string {
  if (context.kind === 'root' && splitPath(path).length === 1) return joinPath(splitPath(path))
  throw new MappingError(
    'mapping-invalid',
    `"${path}" cannot be growing: it is no member of the document itself`,
  )
}

function compileChildren(children: Record<string, Child>, context: TableContext): CompiledChild[] {
  return Object.entries(children).map(([path, child]) => ({
    path: joinPath(splitPath(path)),
    segments: splitPath(path),
    kind: child.kind,
    table: compileTable(child.table, child, {
      ...context,
      kind: child.kind,
      growingPath: child.growing === undefined ? context.growingPath : growingPath(path, context),
      depth: context.depth + (context.kind === 'rows' ? 1 : 0),
      derived: [],
    }),
    refused: child.refused ?? 'extra',
    empty: child.empty ?? '[]',
  }))
}
