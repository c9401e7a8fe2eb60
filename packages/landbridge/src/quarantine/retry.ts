import { randomUUID } from 'node:crypto'
import type { Engine } from '../engine.ts'
import { mappingOf } from '../engine.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import type { Mapping } from '../mapping/types.ts'
import { targetsOf } from '../mirror/mirror-target.ts'
import { mapRaw, type Refusal } from '../mirror/source-state.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { directionOf } from '../phase.ts'
import { idKey } from '../source/id-key.ts'
import { idText } from './id-text.ts'
import { type QuarantineFilter, type RawQuarantined, readQuarantined, readRefusals } from './quarantine.ts'
import { releaseFromQuarantine } from './release.ts'

/** What became of one document that was tried again. */
export interface Retried {
  unit: string
  collection: string
  id: string
  /** The signature that it waited under. */
  signature: string
  /**
   * `would-map` in a dry run alone; `busy` could not be tried now; `unmapped` belongs to a collection that no unit has
   * any more.
   */
  outcome: 'released' | 'gone' | 'refused' | 'busy' | 'would-map' | 'unmapped'
  /** Why it still waits. */
  refusal?: Refusal
}

export interface RetryOptions {
  /** Map the bytes that are kept with the mappings as they are now, and write nothing. */
  dryRun?: boolean
  signal?: AbortSignal
  onProgress?: (tried: number) => void
}

const TOGETHER = 100

/**
 * Tries again whatever the filter chooses, a batch at a time, and tells of each document what became of it. Trouble
 * with one never stops the others.
 */
export async function retryQuarantined(
  engine: Engine,
  filter: Omit<QuarantineFilter, 'limit'>,
  options: RetryOptions = {},
): Promise<Retried[]> {
  const retried: Retried[] = []
  for await (const some of inBatches(readQuarantined(engine.pool, filter))) {
    options.signal?.throwIfAborted()
    const [first] = some
    const mapping = first && mappingOf(engine, first.document.collection)
    retried.push(...(await retrySome(engine, mapping, some, options.dryRun === true)))
    options.onProgress?.(retried.length)
  }
  return retried
}

async function retrySome(
  engine: Engine,
  mapping: Mapping | undefined,
  some: readonly RawQuarantined[],
  dryRun: boolean,
): Promise<Retried[]> {
  if (mapping === undefined) return some.map((each) => outcomeOf(each, 'unmapped'))
  if (dryRun) return Promise.all(some.map((each) => tryBytes(engine, mapping, each)))
  const { phase } = await readUnitRow(engine.pool, mapping.unit)
  return directionOf(phase) === 'to-postgres'
    ? retryByMirror(engine, mapping, some)
    : retryOneByOne(engine, mapping, some)
}

async function tryBytes(engine: Engine, mapping: Mapping, each: RawQuarantined): Promise<Retried> {
  const { rawId, legacyId } = each.document
  // Nothing is written, so any uuid will do where the id map would have to give one.
  const [target] =
    mapping.identity === 'object-id'
      ? await targetsOf(engine, mapping, [rawId])
      : [{ rawId, key: idKey(rawId), legacyId, entity: randomUUID() }]
  if (target === undefined) return outcomeOf(each, 'busy')
  const state = mapRaw(mapping, target, each.raw)
  return state.kind === 'refused' ? outcomeOf(each, 'refused', state.refusal) : outcomeOf(each, 'would-map')
}

async function retryByMirror(
  engine: Engine,
  mapping: Mapping,
  some: readonly RawQuarantined[],
): Promise<Retried[]> {
  const rawIds = some.map((each) => each.document.rawId)
  const results = await mirrorToPostgres(engine, mapping, rawIds, { reason: 'repair' })
  const byKey = new Map(results.map((result) => [idKey(result.id), result.outcome]))
  const refusals = await readRefusals(
    engine.pool,
    mapping.collection,
    some.map((each) => each.document.legacyId),
  )
  return some.map((each) => {
    switch (byKey.get(idKey(each.document.rawId))) {
      case 'mirrored':
        return outcomeOf(each, 'released')
      case 'deleted':
        return outcomeOf(each, 'gone')
      case 'quarantined':
        return outcomeOf(each, 'refused', refusals.get(each.document.legacyId.toString('hex')))
      default:
        return outcomeOf(each, 'busy')
    }
  })
}

async function retryOneByOne(
  engine: Engine,
  mapping: Mapping,
  some: readonly RawQuarantined[],
): Promise<Retried[]> {
  const retried: Retried[] = []
  for (const each of some) {
    const released = await releaseFromQuarantine(engine, mapping, each.document.rawId)
    const refusal = released.outcome === 'refused' ? released.refusal : undefined
    retried.push(outcomeOf(each, released.outcome, refusal))
  }
  return retried
}

function outcomeOf({ document }: RawQuarantined, outcome: Retried['outcome'], refusal?: Refusal): Retried {
  const { unit, collection, rawId, signature } = document
  return { unit, collection, id: idText(rawId), signature, outcome, ...(refusal && { refusal }) }
}

/** Documents of one collection at a time. */
async function* inBatches(documents: AsyncIterable<RawQuarantined>): AsyncGenerator<RawQuarantined[]> {
  let [some, bytes]: [RawQuarantined[], number] = [[], 0]
  for await (const each of documents) {
    const isFull = some.length === TOGETHER || bytes > 32 * 1024 * 1024
    if (some.length > 0 && (isFull || some[0]?.document.collection !== each.document.collection)) {
      yield some
      ;[some, bytes] = [[], 0]
    }
    some.push(each)
    bytes += each.raw.length
  }
  if (some.length > 0) yield some
}
