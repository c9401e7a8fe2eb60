import type { PoolClient } from 'pg'
import { partialMappingOf } from '../mapping/define-mapping.ts'
import type { DerivedValues, GrowingChild, PartialMapping } from '../mapping/partial-mapping.ts'
import type { EntityRows, Mapping, Row } from '../mapping/types.ts'
import { columnTypes } from '../target/column-types.ts'
import { type ElementPlace, readArrayEnd, readElementPlaces, readElements } from '../target/elements.ts'
import { readEntities } from '../target/entities.ts'

/** A row of the outbox, as far as it tells what has changed. */
export interface ListedChange {
  kind: 'entity' | 'parent' | 'child'
  path: string | null
  child: string | null
}

/** What Postgres holds of the parts of an entity that the outbox names: its shell, and elements. */
export interface PartialState {
  partial: PartialMapping
  shell: EntityRows
  derived: DerivedValues
  arrays: ListedArray[]
}

export interface ListedArray {
  child: GrowingChild
  /** Every element that the outbox names. */
  ids: string[]
  /** Those that exist, in order. */
  places: ElementPlace[]
  rows: Map<string, EntityRows>
}

/** Beyond this many elements the whole document is cheaper. */
const MAX_ELEMENTS = 500

/**
 * Reads the parts of an entity that its outbox rows name. Undefined where it must be mirrored whole: an outbox row
 * says so (G4), the entity or one of its arrays has no rows (G5), or an array is kept in the parent's `extra`.
 */
export async function readPartialState(
  tx: PoolClient,
  mapping: Mapping,
  entity: string,
  listed: readonly ListedChange[],
): Promise<PartialState | undefined> {
  const partial = partialMappingOf(mapping)
  if (partial === undefined || listed.length === 0 || listed.some((change) => change.kind === 'entity'))
    return
  const ids = listedIds(listed)
  if ([...ids.values()].reduce((sum, each) => sum + each.size, 0) > MAX_ELEMENTS) return
  const shell = await readShell(tx, partial, entity)
  if (shell === undefined) return
  const arrays: ListedArray[] = []
  for (const child of partial.children) {
    const named = [...(ids.get(child.path) ?? [])]
    if ((await readArrayEnd(tx, child, entity)).last === undefined) return
    const places = named.length === 0 ? [] : await readElementPlaces(tx, child, entity, named)
    arrays.push({ child, ids: named, places, rows: await readElements(tx, child, entity, named) })
  }
  return { partial, shell, derived: await derivedValues(tx, partial, entity), arrays }
}

/** The entity's rows without its growing children; undefined where it is absent or cannot be told in parts. */
export async function readShell(
  tx: PoolClient,
  partial: PartialMapping,
  entity: string,
): Promise<EntityRows | undefined> {
  const shell = (await readEntities(tx, { tables: partial.shellTables }, [entity])).get(entity)
  const root = shell?.tables[partial.shellTables[0]?.name ?? '']?.[0]
  return root === undefined || partial.keptWhole(root).length > 0 ? undefined : shell
}

export function derivedValues(
  tx: PoolClient,
  partial: PartialMapping,
  entity: string,
): Promise<DerivedValues> {
  const query = async (text: string, values: readonly unknown[]) =>
    (await tx.query<Row>({ text, values: [...values], types: columnTypes })).rows
  return partial.derive(query, entity)
}

function listedIds(listed: readonly ListedChange[]): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>()
  for (const { path, child } of listed) {
    if (path === null || child === null) continue
    ids.set(path, (ids.get(path) ?? new Set()).add(child))
  }
  return ids
}
