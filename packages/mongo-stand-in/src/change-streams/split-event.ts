import { calculateObjectSize, type Document, Int32 } from 'bson'
import { encodeDocument } from '../bson/decode.ts'
import { serverError } from '../server-error.ts'
import { MAX_DOCUMENT_BYTES } from '../writes/check-document.ts'
import { decodeToken, encodeToken } from './resume-token.ts'

/** The event in one piece, or in fragments that each fit into a document: some of its fields, a token, a number. */
export function encodeEvent(event: Document, splits: boolean, limit = MAX_DOCUMENT_BYTES): Uint8Array[] {
  // Measured first: an encoder's buffer need not hold what is too large for a document.
  const size = calculateObjectSize(event, { ignoreUndefined: true })
  if (size <= limit) return [encodeDocument(event)]
  if (!splits) {
    throw serverError(
      10334,
      'BSONObjectTooLarge',
      `Executor error during getMore :: caused by :: BSONObj size: ${size} is invalid. Size must be between 0 and ${limit}(16MB); use $changeStreamSplitLargeEvent`,
      { labels: ['NonResumableChangeStreamError'] },
    )
  }
  const groups = groupFields(event, limit - RESERVED)
  return groups.map((fields, at) =>
    encodeDocument({
      _id: fragmentToken(event._id, at),
      splitEvent: { fragment: new Int32(at + 1), of: new Int32(groups.length) },
      ...fields,
    }),
  )
}

/** Room for the token and the fragment's number. */
const RESERVED = 1024

function groupFields({ _id, ...fields }: Document, limit: number): Document[] {
  const groups: Document[] = []
  let size = Number.POSITIVE_INFINITY
  for (const [name, value] of Object.entries(fields)) {
    const bytes = calculateObjectSize({ [name]: value }, { ignoreUndefined: true })
    if (size + bytes > limit) {
      groups.push({})
      size = 0
    }
    Object.assign(groups.at(-1) ?? {}, { [name]: value })
    size += bytes
  }
  return groups
}

function fragmentToken(token: unknown, fragment: number): Document {
  const point = decodeToken(token)
  return encodeToken(point.kind === 'event' ? { ...point, fragment } : point)
}
