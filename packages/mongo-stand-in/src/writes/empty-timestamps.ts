import { type Document, Timestamp } from 'bson'

let ordinal = 0

/**
 * The document with the time of now in place of each empty timestamp at its top, as a mongod fills them in inserts and
 * replacements; `_id` and embedded ones stay. The same document where there is none.
 */
export function fillTimestamps(document: Document): Document {
  const empty = Object.keys(document).filter((name) => name !== '_id' && isEmpty(document[name]))
  if (empty.length === 0) return document
  const filled = { ...document }
  for (const name of empty) filled[name] = now()
  return filled
}

function isEmpty(value: unknown): boolean {
  return value instanceof Timestamp && value.t === 0 && value.i === 0
}

/** The ordinal tells those of one second apart. */
function now(): Timestamp {
  ordinal = (ordinal % 0x7fffffff) + 1
  return new Timestamp({ t: Math.floor(Date.now() / 1000), i: ordinal })
}
