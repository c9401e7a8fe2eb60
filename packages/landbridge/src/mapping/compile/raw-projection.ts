import { splitPath } from '../path.ts'
import { RAW, rawEnd, rawInt32, rawKeyEnd } from './raw-bson.ts'

/** The members that are wanted of a document, or true for all of it. */
type Wanted = Map<string, Wanted> | true

/** Cuts a raw document down to some paths, through arrays; undefined where it is not sound. */
export type RawProjection = (src: Buffer) => Buffer | undefined

export function compileProjection(paths: readonly string[]): RawProjection {
  const wanted: Map<string, Wanted> = new Map()
  for (const path of paths) want(wanted, splitPath(path))
  let out = Buffer.alloc(1 << 12)
  return (src) => {
    // What is left is never longer.
    if (out.length < src.length) out = Buffer.alloc(src.length * 2)
    const end = cutDocument(src, 0, src.length, wanted, out, 0)
    return end < 0 ? undefined : out.subarray(0, end)
  }
}

function want(into: Map<string, Wanted>, [key = '', ...rest]: string[]): void {
  const present = into.get(key)
  if (present === true) return
  if (rest.length === 0) {
    into.set(key, true)
    return
  }
  const inside = present ?? new Map<string, Wanted>()
  into.set(key, inside)
  want(inside, rest)
}

/** Where the cut document ends in `out`; -1 if the source is not sound. */
function cutDocument(
  src: Buffer,
  start: number,
  limit: number,
  wanted: Map<string, Wanted>,
  out: Buffer,
  to: number,
  isArray = false,
): number {
  const end = start + rawInt32(src, start) - 1
  if (end >= limit) return -1
  let at = start + 4
  let here = to + 4
  while (at < end) {
    const type = src[at] as number
    const keyEnd = rawKeyEnd(src, at + 1, end)
    if (keyEnd < 0) return -1
    const next = rawEnd(src, type, keyEnd + 1)
    if (next <= keyEnd || next > end) return -1
    // Elements keep their places: an array is told by what it holds, also where nothing of an element is wanted.
    const inside = isArray ? wanted : wanted.get(src.toString('utf8', at + 1, keyEnd))
    const isDeep = inside !== true && (type === RAW.document || type === RAW.array)
    if (inside === undefined) at = next
    else {
      src.copy(out, here, at, isDeep ? keyEnd + 1 : next)
      here += (isDeep ? keyEnd + 1 : next) - at
      if (isDeep) here = cutDocument(src, keyEnd + 1, end, inside, out, here, type === RAW.array)
      if (here < 0) return -1
      at = next
    }
  }
  if (at !== end) return -1
  out[here] = 0
  out.writeInt32LE(here + 1 - to, to)
  return here + 1
}
