import type { ChangeEvent } from '../../capture/change-event.ts'
import { openEventStream } from '../../capture/event-stream.ts'
import type { Engine } from '../../engine.ts'
import { errorCodes, LandbridgeError } from '../../errors.ts'
import type { Mapping } from '../../mapping/types.ts'
import { mirrorToPostgres } from '../../mirror/to-postgres.ts'
import { idKey } from '../../source/id-key.ts'
import { markerCollection, writeMarker } from '../../source/marker.ts'

const BATCH = 500

export interface ReplayOptions {
  signal?: AbortSignal
  onProgress?: (entities: number) => void
}

/**
 * Mirrors, by its present state, every entity that has changed since a cluster time, up to a marker that is written
 * now. It may be repeated and may meet what the capture mirrors at the same time; what cannot be mirrored at once is
 * a gap, as always. Returns how many entities it mirrored; undefined if it was interrupted.
 * Throws LB_HISTORY_LOST where a collection was dropped or renamed meanwhile.
 */
export async function replayChanges(
  engine: Engine,
  mappings: readonly Mapping[],
  since: bigint,
  options: ReplayOptions = {},
): Promise<number | undefined> {
  const marker = await writeMarker(engine, 'changes since a dump')
  const byCollection = new Map(mappings.map((mapping) => [mapping.collection, mapping]))
  const stream = await openEventStream(engine, [...byCollection.keys(), markerCollection], {
    clusterTime: since,
  })
  const changed = new Changed()
  const mirrored = { entities: 0 }
  const mirrorAll = async () => {
    for (const [collection, ids] of changed.take()) {
      const mapping = byCollection.get(collection)
      if (mapping === undefined) continue
      await mirrorToPostgres(engine, mapping, ids, { reason: 'backfill' })
      mirrored.entities += ids.length
    }
    options.onProgress?.(mirrored.entities)
  }
  try {
    for (;;) {
      if (options.signal?.aborted === true) return undefined
      const { events } = await stream.next()
      const end = events.findIndex((event) => isMarker(event, marker.id))
      for (const event of end < 0 ? events : events.slice(0, end)) changed.note(event)
      if (changed.size >= BATCH || end >= 0) await mirrorAll()
      if (end >= 0) return mirrored.entities
    }
  } finally {
    await stream.close()
  }
}

/** Ids of changed documents, each once. */
class Changed {
  #ids = new Map<string, Map<string, unknown>>()
  size = 0

  note(event: ChangeEvent): void {
    if (event.kind === 'collection') throw collectionLost(event.collection, event.operation)
    if (event.collection === markerCollection) return
    const ids = this.#ids.get(event.collection) ?? new Map<string, unknown>()
    ids.set(idKey(event.id), event.id)
    this.#ids.set(event.collection, ids)
    this.size++
  }

  take(): [string, unknown[]][] {
    const taken = [...this.#ids].map(([collection, ids]): [string, unknown[]] => [
      collection,
      [...ids.values()],
    ])
    this.#ids = new Map()
    this.size = 0
    return taken
  }
}

function isMarker(event: ChangeEvent, id: unknown): boolean {
  return event.kind === 'document' && event.collection === markerCollection && String(event.id) === String(id)
}

function collectionLost(collection: string | undefined, operation: string): LandbridgeError {
  return new LandbridgeError(
    errorCodes.historyLost,
    `${collection ?? 'the database'} saw "${operation}" after the dump was begun, and no event tells of its documents; copy it from the live collection (\`landbridge backfill --restart\`)`,
    { detail: { collection, operation } },
  )
}
