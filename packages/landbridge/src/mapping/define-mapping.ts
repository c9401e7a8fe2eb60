import { hash } from 'node:crypto'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import { IdentityError } from '../identity/identity-error.ts'
import { isObjectIdHex, uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { bsonTypeOf, objectIdHex } from './bson-value.ts'
import { compileTable } from './compile-table.ts'
import type { CompiledTable, PathNode } from './compiled-table.ts'
import type { MappingDefinition } from './definition.ts'
import { type Derivations, keepDerived, restoreDerived } from './derived-paths.ts'
import { dropsAnything, withoutDropped } from './drop-paths.ts'
import { type MapRun, mapRoot } from './map-document.ts'
import { MappingError } from './mapping-error.ts'
import { compilePartial, type PartialMapping } from './partial-mapping.ts'
import { rebuildRoot } from './rebuild-document.ts'
import type { Document, MapOptions, MapOutcome, Mapping, ReferenceShape, TableShape } from './types.ts'
import { ValueRefusal } from './value-refusal.ts'

/** What a mapping was resolved to. */
export interface CompiledMapping {
  root: CompiledTable
  derivations: Derivations
  /** The paths that the derivations read; undefined where one of them does not say. */
  derivedFrom: string[] | undefined
  unmapped: 'extra' | 'quarantine'
}

const compiled = new WeakMap<Mapping, CompiledMapping>()
const partials = new WeakMap<Mapping, PartialMapping>()

/** How documents of this mapping are translated in parts; undefined where they are mirrored whole. */
export function partialMappingOf(mapping: Mapping): PartialMapping | undefined {
  return partials.get(mapping)
}

/** The resolved tree of a mapping, for the parts of the engine that walk it themselves. */
export function compiledTableOf(mapping: Mapping): CompiledTable {
  return compiledMappingOf(mapping).root
}

export function compiledMappingOf(mapping: Mapping): CompiledMapping {
  const found = compiled.get(mapping)
  if (found === undefined)
    throw new MappingError('mapping-invalid', 'this mapping was not made by defineMapping')
  return found
}

/**
 * Resolves the declaration of a collection against its Drizzle tables. Throws a MappingError where they contradict
 * each other; everything that is not declared is inferred.
 */
export function defineMapping(definition: MappingDefinition): Mapping {
  const identity = definition.identity ?? 'object-id'
  const derivations: Derivations = Object.entries(definition.derived ?? {}).map(([path, derivation]) => [
    path,
    typeof derivation === 'function' ? derivation : derivation.compute,
  ])
  const root = compileTable(definition.table, definition as Omit<MappingDefinition, 'table'>, {
    kind: 'root',
    identity,
    rootTable: definition.table,
    depth: 0,
    derived: derivations.map(([path]) => path),
  })
  const all = tablesOf(root)
  const tables = all.map((table) => table.shape)
  assertDistinct(definition.collection, tables)
  const drops = dropsAnything(root.root)
  const mapping: Mapping = {
    unit: definition.unit,
    collection: definition.collection,
    table: root.shape,
    tables,
    appendOnly: definition.appendOnly ?? false,
    identity,
    references: all.flatMap(referencesOf),
    growing: root.children.filter((child) => child.table.growing !== undefined).map((child) => child.path),
    uniques: Object.entries(definition.uniques ?? {}).map(([name, unique]) => ({ name, ...unique })),
    dropped: definition.dropped ?? {},
    schemaHash: schemaHash(definition, all),
    mapDocument(document, options) {
      // Dropped paths go first, so that nothing kept whole in `extra` brings them back.
      const wanted = drops ? withoutDropped(root.root, document) : document
      return mapDocument(definition, root, tables, identity, derivations, wanted, options)
    },
    rebuildDocument(rows) {
      const { document, forms } = rebuildRoot(root, rows)
      restoreDerived(derivations, document, forms)
      return document
    },
    mappedPaths: () => ownedPaths(root.root).filter((path) => path !== '_id'),
    idOf: identity === 'object-id' ? idOf : () => refuseIdOf(definition.collection),
  }
  compiled.set(mapping, {
    root,
    derivations,
    derivedFrom: derivedFrom(definition),
    unmapped: definition.unmapped ?? 'extra',
  })
  const partial = compilePartial(definition, root)
  if (partial !== undefined) partials.set(mapping, partial)
  return mapping
}

function derivedFrom(definition: MappingDefinition): string[] | undefined {
  const paths = Object.values(definition.derived ?? {}).map((derivation) =>
    typeof derivation === 'function' ? undefined : derivation.reads,
  )
  return paths.every((reads) => reads !== undefined) ? paths.flat() : undefined
}

function mapDocument(
  definition: MappingDefinition,
  root: CompiledTable,
  tables: TableShape[],
  identity: 'object-id' | 'id-map',
  derivations: Derivations,
  document: Document,
  options: MapOptions = {},
): MapOutcome {
  const forced = new Map((options.outcomes ?? []).map(({ path, reason }) => [path, reason]))
  try {
    const run: MapRun = {
      id: entityIdOf(identity, document, options),
      tables: Object.fromEntries(tables.map(({ name }) => [name, []])),
      kept: [],
      forced,
      unmapped: definition.unmapped ?? 'extra',
    }
    mapRoot(run, root, document, (draft) => {
      if (identity === 'id-map') draft.row[rootIdColumn(root)] = run.id
      keepDerived(derivations, document, draft)
    })
    return { kind: 'mapped', rows: { id: run.id, tables: run.tables }, kept: run.kept }
  } catch (refusal) {
    if (!(refusal instanceof ValueRefusal)) throw refusal
    const { path, code, message, valueType } = refusal
    return { kind: 'refused', path, code, reason: message, valueType }
  }
}

function entityIdOf(identity: 'object-id' | 'id-map', document: Document, options: MapOptions): string {
  const type = bsonTypeOf(document._id)
  if (identity === 'id-map') {
    if (options.id === undefined)
      throw new MappingError('mapping-invalid', "identity 'id-map' needs mapDocument(document, { id })")
    return options.id
  }
  if (type !== 'objectId') {
    throw new ValueRefusal(
      '_id',
      'id',
      "_id is no ObjectId; declare identity: 'id-map' for such a collection",
      type,
    )
  }
  return uuidFromObjectId(objectIdHex(document._id))
}

function idOf(rawId: unknown): string {
  if (bsonTypeOf(rawId) === 'objectId') return uuidFromObjectId(objectIdHex(rawId))
  if (typeof rawId === 'string' && isObjectIdHex(rawId)) return uuidFromObjectId(rawId)
  throw new IdentityError(
    'identity-not-an-object-id',
    `an _id of type ${bsonTypeOf(rawId)} has no uuid of its own`,
  )
}

function refuseIdOf(collection: string): never {
  throw new IdentityError(
    'identity-needs-id-map',
    `the uuids of "${collection}" stand in id_map: ask resolveUuid`,
  )
}

/** The column of the entity's uuid in its root table. */
export function rootIdColumn(root: CompiledTable): string {
  return root.shape.columns.find((column) => column.property === 'id')?.name ?? 'id'
}

/** Parents first. */
function tablesOf(table: CompiledTable): CompiledTable[] {
  return [table, ...table.children.flatMap((child) => tablesOf(child.table))]
}

function assertDistinct(collection: string, tables: TableShape[]): void {
  const names = new Set<string>()
  for (const { name } of tables) {
    if (names.has(name))
      throw new MappingError('mapping-invalid', `collection "${collection}" maps the table "${name}" twice`)
    names.add(name)
  }
}

function referencesOf(table: CompiledTable): ReferenceShape[] {
  return table.fields.flatMap(({ path, codec, columns }) => {
    const reference = codec.reference
    const column = reference && columns[reference.column]
    if (reference === undefined || column === undefined) return []
    return [
      {
        path,
        table: table.shape.name,
        column: column.name,
        kindColumn: reference.kindColumn === undefined ? undefined : columns[reference.kindColumn]?.name,
        // Tables may refer to each other in a circle, so the target is looked up when it is asked for.
        get to() {
          return reference.to && getTableConfig(reference.to() as PgTable).name
        },
        get toSchema() {
          return reference.to && getTableConfig(reference.to() as PgTable).schema
        },
        orphan: reference.orphan,
      },
    ]
  })
}

/** Whole members where nothing below is dropped, else the members below. */
function ownedPaths(node: PathNode): string[] {
  return [...node.members.values()].flatMap((member) => {
    if (member.dropped) return []
    return hasDropped(member) ? ownedPaths(member) : [member.path]
  })
}

function hasDropped(node: PathNode): boolean {
  return [...node.members.values()].some((member) => member.dropped === true || hasDropped(member))
}

function schemaHash(definition: MappingDefinition, tables: CompiledTable[]): string {
  const described = {
    collection: definition.collection,
    identity: definition.identity ?? 'object-id',
    appendOnly: definition.appendOnly ?? false,
    unmapped: definition.unmapped ?? 'extra',
    dropped: definition.dropped ?? {},
    derived: Object.keys(definition.derived ?? {}),
    uniques: definition.uniques ?? {},
    tables: tables.map((table) => ({
      shape: table.shape,
      fields: table.fields.map(({ path, codec, columns, refused, empty }) => ({
        path,
        codec: codec.kind,
        settings: codec.settings ?? null,
        columns: columns.map((column) => column.name),
        refused,
        empty,
      })),
      children: table.children.map(({ path, kind, table: child, refused, empty }) => ({
        path,
        kind,
        table: child.shape.name,
        refused,
        empty,
      })),
    })),
  }
  return hash('sha256', JSON.stringify(described)).slice(0, 32)
}
