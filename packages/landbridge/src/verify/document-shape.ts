import { RAW, rawEnd, rawInt32 } from '../mapping/compile/raw-bson.ts'

const PRIME = 0x01000193

/**
 * A number for the keys and types of a raw document, values aside: documents of one shape take one way through the
 * encoder. Elements of an array count once for each run of the same shape.
 */
export function shapeOf(raw: Uint8Array): number {
  const src = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  return shapeOfMembers(src, 0, false, 0x811c9dc5) >>> 0
}

function shapeOfMembers(src: Buffer, from: number, isArray: boolean, seed: number): number {
  const end = Math.min(from + rawInt32(src, from), src.length) - 1
  let shape = seed
  let last = 0
  let at = from + 4
  while (at < end) {
    const type = src[at++] as number
    let own = Math.imul(isArray ? PRIME : shape, PRIME) ^ type
    for (; at < end && src[at] !== 0; at++) if (!isArray) own = Math.imul(own ^ (src[at] as number), PRIME)
    at++
    const next = rawEnd(src, type, at)
    // What the walk cannot pass is of a shape of its own, and rare.
    if (next <= at - 1 || next > end) return own
    if (type === RAW.document || type === RAW.array) {
      own = shapeOfMembers(src, at, type === RAW.array, own)
    }
    if (!isArray) shape = own
    else if (own !== last) {
      last = own
      shape = Math.imul(shape ^ own, PRIME)
    }
    at = next
  }
  return shape
}
