import type { PoolClient } from 'pg'
import type { Engine } from '../engine.ts'
import { decodeBson } from '../mapping/bson.ts'
import { type Difference, differences } from '../mapping/canonical-form.ts'
import { comparable } from '../mapping/comparable.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Document, EntityRows, Mapping } from '../mapping/types.ts'
import type { MirrorTarget } from '../mirror/mirror-target.ts'
import { quarantinedAmong } from '../quarantine/quarantine.ts'
import { readDocuments } from '../source/read-documents.ts'
import { readEntities } from '../target/entities.ts'
import { inTransaction } from '../target/transaction.ts'

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
  return targets.map((target) => {
    if (quarantined.has(target.legacyId.toString('base64')))
      return { target, differences: [], quarantined: true }
    const found = compareOne(mapping, raws.get(target.key), entities.get(target.entity ?? ''))
    return { target, differences: found, quarantined: false }
  })
}

/** Reads the documents of these entities and compares them. */
export async function compareAgain(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
): Promise<ComparedEntity[]> {
  const documents = await readDocuments(
    engine,
    mapping.collection,
    targets.map((target) => target.rawId),
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
