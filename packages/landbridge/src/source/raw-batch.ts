import { Long, Timestamp } from 'mongodb'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { RAW, rawEnd, rawInt32, rawKeyEnd } from '../mapping/compile/raw-bson.ts'

export interface BatchOptions {
  /** The read sees everything up to this cluster time. */
  afterClusterTime?: bigint
  /** At most so many documents; a reply of the server holds at most 16 MB of them, so fewer may come. */
  limit: number
  maxTimeMs?: number
}

/**
 * One batch of what matches, raw and in `_id` order, from the primary with read concern majority. It is one command
 * whose cursor ends with it: no session and no snapshot outlives a batch, and nothing is left to be closed when a
 * reader dies. The reply is not decoded; the documents are views of it.
 */
export async function readRawBatch(
  engine: Engine,
  collection: string,
  filter: Record<string, unknown>,
  options: BatchOptions,
): Promise<Uint8Array[]> {
  const { afterClusterTime } = options
  const after =
    afterClusterTime === undefined || afterClusterTime <= 0n
      ? {}
      : { afterClusterTime: new Timestamp(afterClusterTime) }
  const reply = await engine.database.command(
    {
      find: collection,
      filter,
      sort: { _id: 1 },
      limit: Long.fromNumber(options.limit),
      batchSize: Long.fromNumber(options.limit),
      singleBatch: true,
      // Chunks are cut by bytes of text, whatever collation the collection has.
      collation: { locale: 'simple' },
      readConcern: { level: 'majority', ...after },
      ...(options.maxTimeMs === undefined ? {} : { maxTimeMS: options.maxTimeMs }),
    },
    { readPreference: 'primary', raw: true },
  )
  return documentsOfCursor(reply.cursor)
}

/** The documents of `firstBatch` in a raw `cursor` of a reply. */
export function documentsOfCursor(cursor: unknown): Uint8Array[] {
  if (!(cursor instanceof Uint8Array)) throw unreadable()
  const src = Buffer.from(cursor.buffer, cursor.byteOffset, cursor.byteLength)
  for (const { type, key, at } of elements(src, 0)) {
    if (type !== RAW.array || key() !== 'firstBatch') continue
    return [...elements(src, at)].map((element) => cursor.subarray(element.at, element.end))
  }
  throw unreadable()
}

interface Element {
  type: number
  key(): string
  at: number
  end: number
}

function* elements(src: Buffer, start: number): Generator<Element> {
  const last = start + rawInt32(src, start) - 1
  let at = start + 4
  while (at < last) {
    const type = src[at] as number
    const keyAt = at + 1
    const keyEnd = rawKeyEnd(src, keyAt, last)
    if (keyEnd < 0) throw unreadable()
    const valueAt = keyEnd + 1
    const end = rawEnd(src, type, valueAt)
    if (end < 0 || end > last) throw unreadable()
    yield { type, key: () => src.toString('latin1', keyAt, keyEnd), at: valueAt, end }
    at = end
  }
}

function unreadable(): LandbridgeError {
  return new LandbridgeError(
    errorCodes.mongoUnavailable,
    'the answer of MongoDB to a find holds no readable batch; look at the version of the server and of its driver',
  )
}
