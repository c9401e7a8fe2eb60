import type { Engine } from '../engine.ts'
import type { Mapping } from '../mapping/types.ts'
import { legacyIdsOf, type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { idKey } from '../source/id-key.ts'
import { readDocuments } from '../source/read-documents.ts'
import { tableName } from '../target/identifier.ts'

/** Entities that only Postgres has, batch by batch, for ids whose rows stand in another order than the documents. */
export async function* rowsWithoutDocument(
  engine: Engine,
  mapping: Mapping,
  options: { batchSize: number; afterClusterTime?: bigint },
): AsyncGenerator<MirrorTarget[]> {
  let after: string | null = null
  for (;;) {
    const { rows }: { rows: { id: string }[] } = await engine.pool.query<{ id: string }>(
      `select id from ${tableName(mapping.table)} where $1::uuid is null or id > $1 order by id limit $2`,
      [after, options.batchSize],
    )
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
    const rawIds = await legacyIdsOf(
      engine,
      mapping,
      rows.map((row) => row.id),
    )
    const found = await readDocuments(engine, mapping.collection, rawIds, {
      afterClusterTime: options.afterClusterTime,
    })
    const targets = await targetsOf(
      engine,
      mapping,
      rawIds.filter((rawId) => !found.has(idKey(rawId))),
    )
    if (targets.length > 0) yield targets
  }
}
