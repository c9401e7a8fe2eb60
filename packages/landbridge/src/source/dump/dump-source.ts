import type { FileHandle } from 'node:fs/promises'
import { type ChunkBounds, isInBounds } from '../../backfill/chunk-bounds.ts'
import type { ChunkLimits, ChunkRead, ChunkSource, Cuts } from '../chunk-source.ts'
import { splittableBrackets } from '../id-order.ts'
import { isExactBound } from '../live-source.ts'
import type { IndexRecord } from './index-record.ts'
import type { DumpCollection } from './open-dump.ts'
import { isBelow } from './sparse-index.ts'

/** Documents that lie no farther apart are read at once. */
const NEAR_BYTES = 64 * 1024

/** A collection of a dump that was begun at `dumpTime`, a cluster time. */
export function dumpSource(collection: DumpCollection, dumpTime: bigint): ChunkSource {
  return {
    dumpTime,
    cuts: (bounds, limits, count) => findCuts(collection, bounds, limits, count),
    read: (bounds, limits) => readRange(collection, bounds, limits),
  }
}

async function findCuts(
  collection: DumpCollection,
  bounds: ChunkBounds,
  limits: ChunkLimits,
  count: number,
): Promise<Cuts> {
  const cuts: unknown[] = []
  const isCut = splittableBrackets.has(bounds.bracket)
  let [documents, bytes, empty] = [0, 0, true]
  for await (const { id, length } of recordsIn(collection, bounds)) {
    empty = false
    if (!isCut) break
    const isFull = documents >= limits.documents || (documents > 0 && bytes + length > limits.bytes)
    if (isFull && isExactBound(id)) {
      if (cuts.length === count) return { cuts, end: false, empty }
      cuts.push(id)
      documents = 0
      bytes = 0
    }
    documents++
    bytes += length
  }
  return { cuts, end: true, empty }
}

async function readRange(
  collection: DumpCollection,
  bounds: ChunkBounds,
  limits: ChunkLimits,
): Promise<ChunkRead> {
  const records: IndexRecord[] = []
  const isCut = splittableBrackets.has(bounds.bracket)
  let [bytes, cutAt]: [number, unknown] = [0, undefined]
  for await (const record of recordsIn(collection, bounds)) {
    bytes += record.length
    const isFull = records.length > 0 && (records.length >= limits.documents || bytes > limits.bytes)
    if (isCut && isFull && isExactBound(record.id)) {
      cutAt = record.id
      break
    }
    records.push(record)
  }
  const raws = await readPlaces(collection.documents, records)
  const documents = records.flatMap((record) => {
    const raw = raws.get(record.offset)
    return raw === undefined ? [] : [{ id: record.id, raw }]
  })
  return cutAt === undefined ? { documents } : { documents, cutAt }
}

async function* recordsIn(collection: DumpCollection, bounds: ChunkBounds): AsyncGenerator<IndexRecord> {
  for await (const record of collection.recordsFrom(bounds)) {
    if (isBelow(record.id, bounds)) continue
    if (!isInBounds(record.id, bounds)) return
    yield record
  }
}

/** In the order of the file, neighbours by one read: a dump in the order of insertion is read in long strips. */
async function readPlaces(file: FileHandle, records: readonly IndexRecord[]): Promise<Map<number, Buffer>> {
  const found = new Map<number, Buffer>()
  const places = records.toSorted((a, b) => a.offset - b.offset)
  for (let from = 0; from < places.length; ) {
    const strip = stripFrom(places, from)
    from += strip.length
    const [first, last] = [strip[0], strip.at(-1)]
    if (first === undefined || last === undefined) break
    const buffer = Buffer.allocUnsafe(last.offset + last.length - first.offset)
    const { bytesRead } = await file.read(buffer, 0, buffer.length, first.offset)
    if (bytesRead !== buffer.length) throw new Error('the file of the dump became shorter while it was read')
    for (const { offset, length } of strip) {
      const at = offset - first.offset
      found.set(offset, buffer.subarray(at, at + length))
    }
  }
  return found
}

function stripFrom(places: readonly IndexRecord[], from: number): IndexRecord[] {
  const strip: IndexRecord[] = []
  for (let at = from; at < places.length; at++) {
    const [last, next] = [strip.at(-1), places[at]]
    if (next === undefined) break
    if (last !== undefined && next.offset - last.offset - last.length > NEAR_BYTES) break
    strip.push(next)
  }
  return strip
}
