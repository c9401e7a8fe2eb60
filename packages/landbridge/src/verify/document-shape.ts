import { RAW, rawEnd, rawInt32 } from '../mapping/compile/raw-bson.ts'

const PRIME = 0x01000193
const ROOT = 0x811c9dc5
/** What is behind a value that the walk cannot pass counts as one thing. */
const BEYOND = 255
/** Documents with ever new keys are all told apart by their keys alone: more of them need not be remembered. */
const MAX_SEEN = 20_000

/**
 * Whether a raw document has a path with a value of a type that none had before; remembers its paths. An encoder goes
 * field by field, so a fault that does not hang on values shows in such a document.
 */
export function showsSomethingNew(seen: Set<number>, raw: Uint8Array): boolean {
  const src = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  return note(seen, src, 0, false, ROOT)
}

function note(seen: Set<number>, src: Buffer, from: number, isArray: boolean, path: number): boolean {
  const end = Math.min(from + rawInt32(src, from), src.length) - 1
  let isNew = false
  let at = from + 4
  while (at < end) {
    const type = src[at++] as number
    let here = Math.imul(path, PRIME)
    for (; at < end && src[at] !== 0; at++) {
      // Elements of an array share one path.
      if (!isArray) here = Math.imul(here ^ (src[at] as number), PRIME)
    }
    at++
    const next = rawEnd(src, type, at)
    const isPassable = next >= at && next <= end
    if (add(seen, Math.imul(here ^ (isPassable ? type : BEYOND), PRIME))) isNew = true
    if (!isPassable) return isNew
    if (type === RAW.document || type === RAW.array) {
      if (note(seen, src, at, type === RAW.array, here)) isNew = true
    }
    at = next
  }
  return isNew
}

function add(seen: Set<number>, what: number): boolean {
  if (seen.has(what) || seen.size >= MAX_SEEN) return false
  seen.add(what)
  return true
}
