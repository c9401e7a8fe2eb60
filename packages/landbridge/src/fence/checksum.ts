import type { Engine } from '../engine.ts'
import { mappingOf } from '../engine.ts'
import { decodeBson } from '../mapping/bson.ts'
import { canonicalHash } from '../mapping/canonical-form.ts'
import { comparable } from '../mapping/comparable.ts'
import type { Mapping } from '../mapping/types.ts'
import { type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { quarantinedIds } from '../quarantine/quarantine.ts'
import { readDocuments } from '../source/read-documents.ts'
import { readEntities } from '../target/entities.ts'
import { inTransaction } from '../target/transaction.ts'
import type { ChangedEntities } from './change-window.ts'

export interface Checksum {
  mongo: { count: number; sum: bigint }
  postgres: { count: number; sum: bigint }
  /** Entities whose hashes differ: collection and `_id`. */
  different: { collection: string; id: unknown }[]
}

/** Count and sum of the typed hashes of these entities in both stores; entities in quarantine count in neither. */
export async function checksumOf(
  engine: Engine,
  changed: ChangedEntities,
  afterClusterTime: bigint,
): Promise<Checksum> {
  const total: Checksum = { mongo: { count: 0, sum: 0n }, postgres: { count: 0, sum: 0n }, different: [] }
  for (const [collection, ids] of changed) {
    const mapping = mappingOf(engine, collection)
    if (mapping === undefined || ids.size === 0) continue
    const targets = await withoutQuarantined(engine, mapping, [...ids.values()])
    const [inMongo, inPostgres] = await Promise.all([
      hashesInMongo(engine, mapping, targets, afterClusterTime),
      hashesInPostgres(engine, mapping, targets),
    ])
    add(total.mongo, inMongo)
    add(total.postgres, inPostgres)
    for (const target of targets) {
      if (inMongo.get(target.key) !== inPostgres.get(target.key)) {
        total.different.push({ collection, id: target.rawId })
      }
    }
  }
  return total
}

async function withoutQuarantined(
  engine: Engine,
  mapping: Mapping,
  rawIds: unknown[],
): Promise<MirrorTarget[]> {
  const quarantined = new Set(
    (await quarantinedIds(engine.pool, mapping.collection)).map((legacyId) => legacyId.toString('hex')),
  )
  const targets = await targetsOf(engine, mapping, rawIds)
  return targets.filter((target) => !quarantined.has(target.legacyId.toString('hex')))
}

async function hashesInMongo(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  afterClusterTime: bigint,
): Promise<Map<string, bigint>> {
  const documents = await readDocuments(
    engine,
    mapping.collection,
    targets.map((target) => target.rawId),
    { afterClusterTime },
  )
  return new Map(
    [...documents].map(([key, { raw }]) => [key, canonicalHash(comparable(mapping, decodeBson(raw)))]),
  )
}

async function hashesInPostgres(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
): Promise<Map<string, bigint>> {
  const keys = new Map<string, string>()
  for (const target of targets) if (target.entity !== undefined) keys.set(target.entity, target.key)
  const entities = await inTransaction(engine.pool, { isolation: 'repeatable read', readOnly: true }, (tx) =>
    readEntities(tx, mapping, [...keys.keys()]),
  )
  const hashes = new Map<string, bigint>()
  for (const [entity, rows] of entities) {
    const key = keys.get(entity)
    if (key !== undefined) {
      hashes.set(key, canonicalHash(comparable(mapping, mapping.rebuildDocument(rows))))
    }
  }
  return hashes
}

function add(side: { count: number; sum: bigint }, hashes: ReadonlyMap<string, bigint>): void {
  side.count += hashes.size
  for (const hash of hashes.values()) side.sum = BigInt.asUintN(64, side.sum + hash)
}
