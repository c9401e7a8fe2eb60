import { boundsFilter, boundsFilterAfter } from '../backfill/chunk-bounds.ts'
import type { Engine } from '../engine.ts'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { objectIdHex } from '../mapping/bson-value.ts'
import type { Mapping } from '../mapping/types.ts'
import { targetsOf } from '../mirror/mirror-target.ts'
import { idKey } from '../source/id-key.ts'
import { bracketOf, type IdBracket, idBrackets } from '../source/id-order.ts'
import { readRawBatch } from '../source/raw-batch.ts'
import type { SourceDocument } from '../source/read-documents.ts'
import { readId } from '../source/read-id.ts'
import { type CompareBytes, type ComparedRange, compileComparison } from './compare-bytes.ts'
import { type ComparedEntity, compareEntities } from './compare-entities.ts'
import { rowsWithoutDocument } from './rows-without-document.ts'

/** Documents of one batch where bytes are compared; the others are compared field by field, which costs more. */
const MANY = 2_000
const FEW = 500
/** Large documents come fewer at a time. */
const BYTES_AT_ONCE = 4 * 2 ** 20
/** Batches that are compared at once while the next one is read. */
const IN_FLIGHT = 2

export interface ComparedBatch {
  entities: number
  /** Entities that were compared field by field; all that differ are among them. */
  whole: ComparedEntity[]
  /** Where the walk goes on after an interruption; undefined in the pass over Postgres alone. */
  last: unknown
}

export interface WalkOptions {
  /** Goes on behind this `_id`. */
  resumeAfter?: unknown
  afterClusterTime?: bigint
  /** Documents of one batch, where bytes are compared. */
  batchSize?: number
}

/**
 * Walks both stores side by side in the order of `_id` and compares every entity of either: scanning the authority
 * alone would never see what only the other one holds (A17). Ids that are ObjectIds are merged by ranges; ids from
 * `id_map` have no common order, so a second pass goes over the rows whose documents were not met. The next batch is
 * read while others are compared; they come out in order.
 */
export async function* walkCollection(
  engine: Engine,
  mapping: Mapping,
  options: WalkOptions,
): AsyncGenerator<ComparedBatch> {
  const compareBytes = compileComparison(engine, mapping)
  const inFlight: Promise<ComparedBatch>[] = []
  try {
    for await (const batch of batchesOf(engine, mapping, { ...options, compareBytes })) {
      const compared = batch.compare().then((found) => ({ ...found, last: batch.last }))
      // Whoever waits for it hears of its failure; until then it is nobody's.
      compared.catch(() => undefined)
      inFlight.push(compared)
      if (inFlight.length > IN_FLIGHT) yield await (inFlight.shift() as Promise<ComparedBatch>)
    }
    while (inFlight.length > 0) yield await (inFlight.shift() as Promise<ComparedBatch>)
  } finally {
    // Nothing goes on behind the caller's back.
    await Promise.allSettled(inFlight)
  }
}

interface Batch {
  compare(): Promise<ComparedRange>
  last: unknown
}

type BatchOptions = WalkOptions & { compareBytes: CompareBytes | undefined }

async function* batchesOf(engine: Engine, mapping: Mapping, options: BatchOptions): AsyncGenerator<Batch> {
  const begin = options.resumeAfter === undefined ? 0 : idBrackets.indexOf(bracketOf(options.resumeAfter))
  for (const bracket of idBrackets.slice(begin)) {
    const after = bracket === idBrackets[begin] ? options.resumeAfter : undefined
    yield* batchesOfBracket(engine, mapping, bracket, after, options)
  }
  if (mapping.identity !== 'id-map') return
  for await (const targets of rowsWithoutDocument(engine, mapping, { ...options, batchSize: FEW })) {
    const compare = () => compareWhole(engine, mapping, targets, new Map())
    yield { compare, last: undefined }
  }
}

async function* batchesOfBracket(
  engine: Engine,
  mapping: Mapping,
  bracket: IdBracket,
  resumeAfter: unknown,
  { compareBytes, afterClusterTime, batchSize = MANY }: BatchOptions,
): AsyncGenerator<Batch> {
  const inOrder = bracket === 'objectId' ? compareBytes : undefined
  const most = inOrder === undefined ? FEW : batchSize
  let [after, limit] = [resumeAfter, most]
  for (;;) {
    const filter = after === undefined ? boundsFilter({ bracket }) : boundsFilterAfter({ bracket }, after)
    const raws = await readRawBatch(engine, mapping.collection, filter, { limit, afterClusterTime })
    const documents = raws.map((raw) => ({ id: readId(raw), raw }))
    // A reply holds 16 MB at most: that fewer have come than were asked for does not say that there are no more.
    const isEnd = documents.length === 0
    const last = documents.at(-1)?.id ?? after
    if (inOrder !== undefined) {
      const rows = { after: uuidOf(after), upTo: isEnd ? undefined : uuidOf(last) }
      yield { compare: () => inOrder({ rows, documents }), last }
    } else if (!isEnd) {
      yield { compare: () => compareDocuments(engine, mapping, documents), last }
    }
    if (isEnd) return
    const bytes = raws.reduce((sum, raw) => sum + raw.length, 0)
    limit = Math.max(1, Math.min(most, Math.floor((BYTES_AT_ONCE / bytes) * raws.length)))
    after = last
  }
}

async function compareDocuments(
  engine: Engine,
  mapping: Mapping,
  documents: readonly SourceDocument[],
): Promise<ComparedRange> {
  const raws = new Map(documents.map(({ id, raw }) => [idKey(id), raw]))
  const targets = await targetsOf(
    engine,
    mapping,
    documents.map(({ id }) => id),
  )
  return compareWhole(engine, mapping, targets, raws)
}

async function compareWhole(
  engine: Engine,
  mapping: Mapping,
  ...[targets, raws]: [Parameters<typeof compareEntities>[2], Parameters<typeof compareEntities>[3]]
): Promise<ComparedRange> {
  const whole = await compareEntities(engine, mapping, targets, raws)
  return { entities: whole.length, whole }
}

function uuidOf(rawId: unknown): string | undefined {
  return rawId === undefined ? undefined : uuidFromObjectId(objectIdHex(rawId))
}
