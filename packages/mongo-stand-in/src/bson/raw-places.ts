import { endOfName, endOfValue } from './raw-value.ts'

/** Where a field lies in the bytes of a document, from its type on. */
export interface FieldPlace {
  start: number
  end: number
}

const [ZERO, NINE] = [0x30, 0x39]

/** Where the fields of the document at `from` lie; undefined unless they have exactly these names in this order. */
export function fieldPlaces(
  bytes: Buffer,
  from: number,
  names: readonly string[],
): Map<string, FieldPlace> | undefined {
  const places = new Map<string, FieldPlace>()
  let start = from + 4
  for (const name of names) {
    if (bytes[start] === 0) return undefined
    const nameEnd = endOfName(bytes, start + 1)
    if (bytes.toString('utf8', start + 1, nameEnd) !== name) return undefined
    const end = endOfValue(bytes, bytes[start], nameEnd + 1)
    places.set(name, { start, end })
    start = end
  }
  return bytes[start] === 0 ? places : undefined
}

/**
 * Where the elements of the array at `from` begin, and behind them where the last one ends; undefined unless there are so
 * many, with their numbers as names.
 */
export function elementStarts(bytes: Buffer, from: number, count: number): Uint32Array | undefined {
  const starts = new Uint32Array(count + 1)
  let start = from + 4
  for (let at = 0; at < count; at++) {
    if (bytes[start] === 0) return undefined
    starts[at] = start
    const nameEnd = endOfNumber(bytes, start + 1, at)
    if (nameEnd === undefined) return undefined
    start = endOfValue(bytes, bytes[start], nameEnd + 1)
  }
  starts[count] = start
  return bytes[start] === 0 ? starts : undefined
}

/** Where the 0 behind this number is; undefined if there is another name. */
function endOfNumber(bytes: Buffer, start: number, number: number): number | undefined {
  let at = start
  let read = 0
  for (let digit = bytes[at] ?? 0; digit >= ZERO && digit <= NINE; digit = bytes[++at] ?? 0)
    read = read * 10 + digit - ZERO
  const hasLeadingZero = at - start > 1 && bytes[start] === ZERO
  return bytes[at] === 0 && at > start && read === number && !hasLeadingZero ? at : undefined
}
