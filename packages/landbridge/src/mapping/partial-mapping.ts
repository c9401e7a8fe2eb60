/*
 * The translation of a document in parts: its shell (all but its growing children) and single elements of those. For
 * mirrors by what changed, which must not touch the rest of a long array.
 */
import type { CompiledChild, CompiledTable } from './compiled-table.ts'
import type { MappingDefinition, RowQuery } from './definition.ts'
import { type Derivations, keepDerived, restoreDerived } from './derived-paths.ts'
import { withoutDropped } from './drop-paths.ts'
import { type MapRun, mapGrowingElement, mapRoot } from './map-document.ts'
import { rebuildGrowingElement, rebuildRoot } from './rebuild-document.ts'
import type { Document, EntityRows, MapOutcome, Row, TableShape } from './types.ts'
import { ValueRefusal } from './value-refusal.ts'

/** What derived paths come to, by path; undefined for a path that is missing. */
export type DerivedValues = ReadonlyMap<string, unknown>

export interface GrowingChild {
  path: string
  /** The elements' own table. */
  table: TableShape & { parent: { column: string }; element: { column: string }; seq: string }
  /** It and the tables inside of it, parents first. */
  tables: TableShape[]
  /** Rows of an element alone; its seq is the caller's to say. */
  map(entity: string, element: Document): MapOutcome
  /** The element of these rows: one row of `table`, and those inside of it. */
  rebuild(rows: EntityRows): Document
}

export interface PartialMapping {
  children: GrowingChild[]
  /** The root table and the plain children, parents first. */
  shellTables: TableShape[]
  /** Derived paths as the rows of this moment give them. */
  derive(query: RowQuery, entity: string): Promise<DerivedValues>
  mapShell(entity: string, shell: Document, derived: DerivedValues): MapOutcome
  rebuildShell(rows: EntityRows, derived: DerivedValues): Document
  /** Growing arrays that this root row keeps in `extra`, whole. */
  keptWhole(root: Row): string[]
}

/** Undefined where a mapping has no growing child, or where parts of its documents cannot be told alone. */
export function compilePartial(
  definition: MappingDefinition,
  root: CompiledTable,
): PartialMapping | undefined {
  const growing = root.children.filter((child) => child.table.growing !== undefined)
  const fromRows = Object.entries(definition.derived ?? {}).map(
    ([path, derivation]) =>
      [path, typeof derivation === 'function' ? undefined : derivation.fromRows] as const,
  )
  const cannotBeTold =
    growing.length === 0 ||
    definition.appendOnly === true ||
    definition.identity === 'id-map' ||
    fromRows.some(([, derive]) => derive === undefined)
  if (cannotBeTold) return undefined
  const unmapped = definition.unmapped ?? 'extra'
  const shellTables = [
    root.shape,
    ...root.children.filter((child) => !growing.includes(child)).flatMap(tablesIn),
  ]
  const known = (derived: DerivedValues): Derivations =>
    fromRows.map(([path]) => [path, () => derived.get(path)])
  return {
    children: growing.map((child) => compileChild(root, child, unmapped)),
    shellTables,
    async derive(query, entity) {
      const values = new Map<string, unknown>()
      for (const [path, derive] of fromRows) values.set(path, await derive?.(query, entity))
      return values
    },
    mapShell(entity, shell, derived) {
      const run = newRun(entity, shellTables, unmapped)
      return outcomeOf(run, () =>
        mapRoot(run, root, withoutDropped(root.root, shell), (draft) =>
          keepDerived(known(derived), shell, draft),
        ),
      )
    },
    rebuildShell(rows, derived) {
      const { document, forms } = rebuildRoot(root, rows)
      for (const { path } of growing) delete document[path]
      restoreDerived(known(derived), document, forms)
      return document
    },
    keptWhole: (row) => growingKept(growing, root, row),
  }
}

function compileChild(root: CompiledTable, child: CompiledChild, unmapped: MapRun['unmapped']): GrowingChild {
  const tables = tablesIn(child)
  return {
    path: child.path,
    // `compileTable` gives a growing child all of these.
    table: child.table.shape as GrowingChild['table'],
    tables,
    map(entity, element) {
      const run = newRun(entity, tables, unmapped)
      return outcomeOf(run, () =>
        mapGrowingElement(run, root, child, withoutDropped(child.table.root, element)),
      )
    },
    rebuild: (rows) => rebuildGrowingElement(child, rows),
  }
}

function newRun(id: string, tables: readonly TableShape[], unmapped: MapRun['unmapped']): MapRun {
  return {
    id,
    tables: Object.fromEntries(tables.map(({ name }) => [name, []])),
    kept: [],
    forced: new Map(),
    unmapped,
    withoutGrowing: true,
  }
}

function outcomeOf(run: MapRun, map: () => void): MapOutcome {
  try {
    map()
    return { kind: 'mapped', rows: { id: run.id, tables: run.tables }, kept: run.kept }
  } catch (refusal) {
    if (!(refusal instanceof ValueRefusal)) throw refusal
    const { path, code, message, valueType } = refusal
    return { kind: 'refused', path, code, reason: message, valueType }
  }
}

function tablesIn(child: CompiledChild): TableShape[] {
  return [child.table.shape, ...child.table.children.flatMap(tablesIn)]
}

/** Forms do not count: they are outgrown as soon as there are rows. */
function growingKept(growing: readonly CompiledChild[], root: CompiledTable, row: Row): string[] {
  const extra = (root.extra === undefined ? null : row[root.extra]) ?? {}
  return growing.map((child) => child.path).filter((path) => Object.hasOwn(extra as object, path))
}
