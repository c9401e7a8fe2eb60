import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { decodeBson } from '../mapping/bson.ts'
import { type Difference, differences } from '../mapping/canonical-form.ts'
import { comparable } from '../mapping/comparable.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Document, EntityRows, Mapping } from '../mapping/types.ts'
import type { MirrorTarget } from '../mirror/mirror-target.ts'
import { quarantinedAmong } from '../quarantine/quarantine.ts'
import { type ReadOptions, readDocuments } from '../source/read-documents.ts'
import { readEntities } from '../target/entities.ts'
import { identifier, tableName } from '../target/identifier.ts'
import { entityColumn } from '../target/rows.ts'
import { inTransaction } from '../target/transaction.ts'
import { rowCheckFor } from './exact-rows.ts'

/** What both stores hold of an entity, compared. */
export interface ComparedEntity {
  target: MirrorTarget
  /** Seen from MongoDB: `missing` in Postgres, `extra` in Postgres. Empty if they agree. */
  differences: Difference[]
  /** Stands in quarantine, so it is not compared and counts nowhere. */
  quarantined: boolean
}

/** Compares entities whose documents have been read; their rows are read in one snapshot, children included. */
export async function compareEntities(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  raws: ReadonlyMap<string, Uint8Array>,
): Promise<ComparedEntity[]> {
  return inTransaction(engine.pool, { isolation: 'repeatable read', readOnly: true }, (tx) =>
    compareIn(tx, mapping, targets, raws),
  )
}

/** The same within a transaction that shows one state. */
export async function compareIn(
  tx: PoolClient,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  raws: ReadonlyMap<string, Uint8Array>,
): Promise<ComparedEntity[]> {
  const ids = targets.flatMap((target) => target.entity ?? [])
  const entities = await readEntities(tx, mapping, ids)
  const inQuarantine = await quarantinedAmong(
    tx,
    mapping.collection,
    targets.map((target) => target.legacyId),
  )
  const quarantined = new Set(inQuarantine.map((legacyId) => legacyId.toString('base64')))
  const inNeither = targets.filter(
    ({ key, entity }) => entity !== undefined && !raws.has(key) && !entities.has(entity),
  )
  const strays = await strayRowsOf(
    tx,
    mapping,
    inNeither.flatMap(({ entity }) => entity ?? []),
  )
  const checkRows = await rowCheckFor(tx, mapping, targets)
  return targets.map((target) => {
    if (quarantined.has(target.legacyId.toString('base64')))
      return { target, differences: [], quarantined: true }
    const [raw, rows] = [raws.get(target.key), entities.get(target.entity ?? '')]
    const found = compareOne(mapping, raw, rows)
    if (found.length === 0 && raw !== undefined && rows !== undefined) {
      found.push(...checkRows(target, raw, rows))
    }
    return { target, differences: [...found, ...(strays.get(target.entity ?? '') ?? [])], quarantined: false }
  })
}

/** Child rows of entities that neither store has: no document can be made of them, and nobody would miss them. */
async function strayRowsOf(
  tx: PoolClient,
  mapping: Mapping,
  ids: readonly string[],
): Promise<Map<string, Difference[]>> {
  const strays = new Map<string, Difference[]>()
  if (ids.length === 0) return strays
  for (const table of mapping.tables.filter(({ kind }) => kind !== 'root')) {
    const column = identifier(entityColumn(table))
    const { rows } = await tx.query<{ entity: string; n: string }>(
      `select ${column} as entity, count(*) as n from ${tableName(table)}
       where ${column} = any($1::uuid[]) group by 1`,
      [ids],
    )
    for (const { entity, n } of rows) {
      const right = `${n} rows of ${table.name} without their parent`
      const found = strays.get(entity) ?? []
      strays.set(entity, [...found, { path: table.name, kind: 'extra', left: undefined, right }])
    }
  }
  return strays
}

/** Reads the documents of these entities and compares them. */
export async function compareAgain(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: Pick<ReadOptions, 'afterClusterTime'> = {},
): Promise<ComparedEntity[]> {
  const documents = await readDocuments(
    engine,
    mapping.collection,
    targets.map((target) => target.rawId),
    options,
  )
  const raws = new Map([...documents].map(([key, document]) => [key, document.raw]))
  return compareEntities(engine, mapping, targets, raws)
}

/** Compares one entity, whichever side is absent. */
export function compareOne(
  mapping: Mapping,
  raw: Uint8Array | undefined,
  rows: EntityRows | undefined,
): Difference[] {
  try {
    const left = raw === undefined ? undefined : comparable(mapping, decodeBson(raw))
    const right: Document | undefined = rows === undefined ? undefined : mapping.rebuildDocument(rows)
    if (left !== undefined && right !== undefined) return differences(left, right)
    if (left !== undefined) return [{ path: '', kind: 'missing', left, right: undefined }]
    return right === undefined ? [] : [{ path: '', kind: 'extra', left: undefined, right }]
  } catch (error) {
    // A document that is no BSON, or a row that no document can be made of, is a difference and no reason to stop.
    if (!(error instanceof MappingError)) throw error
    return [{ path: '', kind: 'changed', left: error.code, right: error.message }]
  }
}
