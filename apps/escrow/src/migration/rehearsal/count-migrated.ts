import { type Engine, mappingOf, tableName } from 'landbridge'
import type { FilledDatabase } from '../../../seed/legacy/fill.ts'
import { type LegacyDocument, legacyStreams } from '../../../seed/legacy/generate.ts'

const batchSize = 5_000

/** What became of the legacy documents that crossed. */
export interface CrossedDocuments {
  /** They have their row in Postgres. */
  migrated: number
  /** They had outlived their time by a text, which MongoDB's TTL does not see: the clean-up has removed them since. */
  expired: number
}

/** Kinds of dirt that outlive their time in MongoDB and not in Postgres. */
const outlived: Readonly<Record<string, string>> = {
  notifications: 'older-than-90-days',
  tempverifications: 'expiry-as-text',
  telegramsessions: 'expiry-as-text',
}

/** The documents are made again to know them. */
export async function countMigrated(engine: Engine, filled: FilledDatabase): Promise<CrossedDocuments> {
  const crossed: CrossedDocuments = { migrated: 0, expired: 0 }
  for (const { collection, documents } of legacyStreams(filled.options)) {
    const mapping = mappingOf(engine, collection)
    if (mapping === undefined) continue
    for (const batch of batchesOf(documents())) {
      const { rows } = await engine.pool.query(
        `select legacy_object_id as id from ${tableName(mapping.table)} where legacy_object_id = any($1)`,
        [batch.map(idOf)],
      )
      const found = new Set(rows.map(({ id }) => String(id)))
      crossed.migrated += found.size
      const kind = outlived[collection] ?? ''
      crossed.expired += batch.filter(
        (legacy) => legacy.kinds.includes(kind) && !found.has(idOf(legacy)),
      ).length
    }
  }
  return crossed
}

/** Legacy documents of the units that cross. */
export function countLegacy(engine: Engine, filled: FilledDatabase, units: readonly string[]): number {
  return [...filled.collections]
    .filter(([collection]) => units.includes(mappingOf(engine, collection)?.unit ?? ''))
    .reduce((sum, [, { documents }]) => sum + documents, 0)
}

const idOf = ({ document }: LegacyDocument) => String(document._id)

function* batchesOf(stream: Iterable<LegacyDocument>): Generator<LegacyDocument[]> {
  let batch: LegacyDocument[] = []
  for (const legacy of stream) {
    batch.push(legacy)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
