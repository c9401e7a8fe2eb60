import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { type Document, ObjectId, serialize } from 'bson'
import type { ChunkBounds } from '../../packages/landbridge/src/backfill/chunk-bounds.ts'
import type { ChunkSource, Cuts } from '../../packages/landbridge/src/source/chunk-source.ts'

const FLUSH_BYTES = 8 << 20

/** Writes these documents in the order of their ids, one BSON document behind the other. */
export function writeBsonFile(path: string, documents: Iterable<Document>): number {
  const raws: { id: string; raw: Uint8Array }[] = []
  for (const document of documents)
    raws.push({ id: String(document._id), raw: serialize(document, { ignoreUndefined: true }) })
  raws.sort((a, b) => (a.id < b.id ? -1 : 1))
  const file = openSync(path, 'w')
  let parts: Uint8Array[] = []
  let bytes = 0
  const flush = () => {
    writeSync(file, Buffer.concat(parts))
    parts = []
    bytes = 0
  }
  for (const { raw } of raws) {
    parts.push(raw)
    bytes += raw.length
    if (bytes > FLUSH_BYTES) flush()
  }
  flush()
  closeSync(file)
  return raws.length
}

/** A BSON file whose documents' places are known: reading a range of it costs one read. */
export interface BsonFile {
  count: number
  idAt(index: number): ObjectId
  /** Raw documents from one index to another. */
  read(from: number, to: number): Uint8Array[]
  /** How many documents have smaller ids. */
  indexOf(id: ObjectId): number
  bytesBetween(from: number, to: number): number
  close(): void
}

export function openBsonFile(path: string): BsonFile {
  const file = openSync(path, 'r')
  const size = statSync(path).size
  const { offsets, ids } = scan(file, size)
  const count = offsets.length - 1
  const placeOf = (index: number) => offsets[index] as number
  return {
    count,
    idAt: (index) => new ObjectId(ids.subarray(index * 12, index * 12 + 12)),
    read(from, to) {
      const start = placeOf(from)
      const bytes = Buffer.allocUnsafe(placeOf(to) - start)
      readSync(file, bytes, 0, bytes.length, start)
      return Array.from({ length: to - from }, (_, i) =>
        bytes.subarray(placeOf(from + i) - start, placeOf(from + i + 1) - start),
      )
    },
    indexOf(id) {
      let [low, high] = [0, count]
      while (low < high) {
        const middle = (low + high) >> 1
        if (ids.compare(id.id, 0, 12, middle * 12, middle * 12 + 12) < 0) low = middle + 1
        else high = middle
      }
      return low
    },
    bytesBetween: (from, to) => placeOf(to) - placeOf(from),
    close: () => closeSync(file),
  }
}

/** Documents of a file that generated data fills begin with their `_id`. */
function scan(file: number, size: number): { offsets: Float64Array; ids: Buffer } {
  const offsets: number[] = []
  const ids: Buffer[] = []
  const window = Buffer.alloc(4 << 20)
  let [from, filled] = [0, 0]
  let at = 0
  while (at < size) {
    if (at + 21 > from + filled) {
      from = at
      filled = readSync(file, window, 0, window.length, at)
    }
    offsets.push(at)
    ids.push(Buffer.from(window.subarray(at - from + 9, at - from + 21)))
    at += window.readInt32LE(at - from)
  }
  return { offsets: Float64Array.from([...offsets, size]), ids: Buffer.concat(ids) }
}

/** The file as a source of chunks, as if it were the collection of this moment. */
export function fileSource(file: BsonFile): ChunkSource {
  const lowerOf = ({ lower }: ChunkBounds) => (lower === undefined ? 0 : file.indexOf(lower as ObjectId))
  const upperOf = ({ upper }: ChunkBounds) =>
    upper === undefined ? file.count : file.indexOf(upper as ObjectId)
  return {
    async cuts(bounds, limits, count): Promise<Cuts> {
      if (bounds.bracket !== 'objectId') return { cuts: [], end: true, empty: true }
      const cuts: ObjectId[] = []
      let from = lowerOf(bounds)
      while (cuts.length < count) {
        let to = Math.min(file.count, from + limits.documents)
        while (to > from + 1 && file.bytesBetween(from, to) > limits.bytes) to--
        if (to >= file.count) return { cuts, end: true, empty: file.count === 0 }
        cuts.push(file.idAt(to))
        from = to
      }
      return { cuts, end: false, empty: false }
    },
    async read(bounds) {
      if (bounds.bracket !== 'objectId') return { documents: [] }
      const [from, to] = [lowerOf(bounds), upperOf(bounds)]
      const documents = file.read(from, to).map((raw, i) => ({ id: file.idAt(from + i), raw }))
      return { documents }
    },
  }
}
