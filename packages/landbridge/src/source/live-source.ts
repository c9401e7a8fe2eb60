import { boundsFilter, boundsFilterAfter, type ChunkBounds } from '../backfill/chunk-bounds.ts'
import type { Engine } from '../engine.ts'
import { encodeBson } from '../mapping/bson.ts'
import type { ChunkLimits, ChunkRead, ChunkSource, Cuts } from './chunk-source.ts'
import { type IdBracket, splittableBrackets } from './id-order.ts'
import { writeMarker } from './marker.ts'
import { readRawBatch } from './raw-batch.ts'
import type { SourceDocument } from './read-documents.ts'
import { readId } from './read-id.ts'

/** A chunk that grew since it was planned is read whole up to this many times its planned size. */
const GROWTH = 2

const singleIds: ReadonlySet<IdBracket> = new Set(['minKey', 'null', 'maxKey'])

/** The collection itself, while the application writes it. */
export function liveSource(engine: Engine, collection: string): ChunkSource {
  return {
    cuts: (bounds, limits, count) => findCuts(engine, collection, bounds, limits, count),
    // A marker first, and the read after it (A10): it sees every write that was acknowledged before the chunk's lock.
    read: async (bounds, limits, purpose) => {
      const { clusterTime } = await writeMarker(engine, purpose)
      return readRange(engine, collection, bounds, limits, clusterTime)
    },
  }
}

async function readRange(
  engine: Engine,
  collection: string,
  bounds: ChunkBounds,
  limits: ChunkLimits,
  afterClusterTime: bigint,
): Promise<ChunkRead> {
  const documents: SourceDocument[] = []
  const most = limits.documents * GROWTH
  const canBeCut = splittableBrackets.has(bounds.bracket)
  let bytes = 0
  let filter = boundsFilter(bounds)
  for (;;) {
    // One more than may be held, so that it tells where to cut.
    const batch = await readRawBatch(engine, collection, filter, {
      afterClusterTime,
      limit: Math.max(1, most + 1 - documents.length),
    })
    for (const raw of batch) {
      const id = readId(raw)
      bytes += raw.byteLength
      const isFull = documents.length >= most || (bytes > limits.bytes && documents.length > 0)
      if (isFull && canBeCut && isExactBound(id)) return { documents, cutAt: id }
      documents.push({ id, raw })
    }
    const last = documents.at(-1)
    // Nothing can be compared with the ends of the order or with null: each is one id at most.
    if (last === undefined || batch.length === 0 || singleIds.has(bounds.bracket)) return { documents }
    filter = boundsFilterAfter(bounds, last.id)
  }
}

async function findCuts(
  engine: Engine,
  collection: string,
  bounds: ChunkBounds,
  limits: ChunkLimits,
  count: number,
): Promise<Cuts> {
  const isEmpty = bounds.lower === undefined && (await idAt(engine, collection, bounds, 0)) === undefined
  const cuts: unknown[] = []
  if (isEmpty || !splittableBrackets.has(bounds.bracket)) return { cuts, end: true, empty: isEmpty }
  const size = await documentsOfChunk(engine, collection, limits)
  while (cuts.length < count) {
    const next = await exactIdBehind(
      engine,
      collection,
      { ...bounds, lower: cuts.at(-1) ?? bounds.lower },
      size,
    )
    if (next === undefined) return { cuts, end: true, empty: false }
    cuts.push(next)
  }
  return { cuts, end: false, empty: false }
}

/** The first id that can be a bound, `skip` documents behind the range's lower end or later. */
async function exactIdBehind(
  engine: Engine,
  collection: string,
  bounds: ChunkBounds,
  skip: number,
): Promise<unknown> {
  for (let at = skip; ; at++) {
    const id = await idAt(engine, collection, bounds, at)
    if (id === undefined || isExactBound(id)) return id
  }
}

async function idAt(engine: Engine, collection: string, bounds: ChunkBounds, skip: number): Promise<unknown> {
  const [found] = await engine.database
    .collection(collection)
    .find(boundsFilter(bounds), {
      projection: { _id: 1 },
      sort: { _id: 1 },
      skip,
      limit: 1,
      promoteValues: false,
      // An id with broken text must not stop the plan; it is no bound.
      enableUtf8Validation: false,
      collation: { locale: 'simple' },
      readPreference: 'primary',
    })
    .toArray()
  return found?._id
}

/** Where the server tells no average size, chunks are cut by their number alone, and by bytes when they are read. */
async function documentsOfChunk(engine: Engine, collection: string, limits: ChunkLimits): Promise<number> {
  const stats = await engine.database.command({ collStats: collection }).catch((err: unknown) => {
    engine.log.debug({ err, collection }, 'the average size of a document is not known')
    return {}
  })
  const average = Number((stats as { avgObjSize?: unknown }).avgObjSize)
  if (!(average > 0)) return limits.documents
  return Math.max(1, Math.min(limits.documents, Math.floor(limits.bytes / average)))
}

/** A bound is written into a table and sent back: an id that the library would change on that way must not be one. */
export function isExactBound(id: unknown): boolean {
  if (id instanceof Date && Number.isNaN(id.getTime())) return false
  try {
    encodeBson({ v: id })
    return true
  } catch {
    return false
  }
}
