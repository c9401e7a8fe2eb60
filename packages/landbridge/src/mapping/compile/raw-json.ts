import { type TypesNode, typesBelow } from '../natural-json.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { RAW, rawDouble, rawEnd, rawInt32, rawInt64, rawKeyEnd, rawText } from './raw-bson.ts'

const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, QUOTE, COLON, COMMA] = [
  123, 125, 91, 93, 34, 58, 44,
] as const

/*
 * Raw BSON as the JSON text that `JSON.stringify` of its natural JSON would give, byte for byte. False for whatever
 * would need a form, or be refused: the document is then mapped the general way.
 */

export function writeRawJson(
  out: CopyBuffer,
  src: Buffer,
  type: number,
  at: number,
  types: TypesNode | undefined,
): boolean {
  switch (type) {
    case RAW.string:
      return types?.type === undefined && writeString(out, src, at + 4, at + 3 + rawInt32(src, at))
    case RAW.document:
      return writeDocument(out, src, at, types)
    case RAW.array:
      return writeArray(out, src, at, types)
    case RAW.bool:
      return writeAscii(out, src[at] === 1 ? 'true' : 'false')
    case RAW.null:
      return writeAscii(out, 'null')
    case RAW.int32:
      return types?.type !== 'decimal128' && writeAscii(out, String(rawInt32(src, at)))
    case RAW.double:
      return types?.type !== 'decimal128' && writeDouble(out, rawDouble(src, at))
    case RAW.objectId:
      return types?.type === 'objectId' && writeAscii(out, `"${src.toString('hex', at, at + 12)}"`)
    case RAW.date: {
      const ms = rawInt64(src, at)
      return (
        types?.type === 'date' &&
        Math.abs(ms) <= 8.64e15 &&
        writeAscii(out, `"${new Date(ms).toISOString()}"`)
      )
    }
    default:
      return false
  }
}

/** The members that begin at these places (at their type byte), as one object. */
export function writeRawMembers(
  out: CopyBuffer,
  src: Buffer,
  starts: readonly number[],
  types: TypesNode | undefined,
): boolean {
  // Keys are needed as text only where types are declared for some of them.
  const isTyped = types !== undefined && types.members.size > 0
  writeByte(out, OPEN_BRACE)
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number
    const keyEnd = rawKeyEnd(src, start + 1, src.length)
    if (isOddKey(src, start + 1, keyEnd) || standsBefore(src, starts, i, keyEnd)) return false
    if (i > 0) writeByte(out, COMMA)
    if (!writeString(out, src, start + 1, keyEnd)) return false
    writeByte(out, COLON)
    const below = isTyped ? typesBelow(types, src.toString('utf8', start + 1, keyEnd)) : undefined
    if (!writeRawJson(out, src, src[start] as number, keyEnd + 1, below)) return false
  }
  return writeByte(out, CLOSE_BRACE)
}

/** Where the members of a document begin; undefined if its lengths do not add up. */
export function memberStarts(src: Buffer, at: number): number[] | undefined {
  const end = at + rawInt32(src, at) - 1
  const starts: number[] = []
  let here = at + 4
  while (here < end) {
    starts.push(here)
    const keyEnd = rawKeyEnd(src, here + 1, end)
    if (keyEnd < 0) return undefined
    const next = rawEnd(src, src[here] as number, keyEnd + 1)
    if (next <= here) return undefined
    here = next
  }
  return here === end ? starts : undefined
}

function writeDocument(out: CopyBuffer, src: Buffer, at: number, types: TypesNode | undefined): boolean {
  const starts = memberStarts(src, at)
  return starts !== undefined && writeRawMembers(out, src, starts, types)
}

function writeArray(out: CopyBuffer, src: Buffer, at: number, types: TypesNode | undefined): boolean {
  const starts = memberStarts(src, at)
  if (starts === undefined) return false
  const isTyped = types !== undefined && types.members.size > 0
  writeByte(out, OPEN_BRACKET)
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i] as number
    if (i > 0) writeByte(out, COMMA)
    const value = rawKeyEnd(src, start + 1, src.length) + 1
    const below = isTyped ? typesBelow(types, String(i)) : undefined
    if (!writeRawJson(out, src, src[start] as number, value, below)) return false
  }
  return writeByte(out, CLOSE_BRACKET)
}

/** Keys that JavaScript orders by itself (whole numbers), or that the BSON library reads as something else ($ref). */
function isOddKey(src: Buffer, from: number, to: number): boolean {
  const first = src[from] as number
  if (first === 36) return src.toString('latin1', from, to) === '$ref'
  return first >= 48 && first <= 57 && /^(?:0|[1-9]\d*)$/.test(src.toString('latin1', from, to))
}

/** Whether the key of the n-th member is that of an earlier one. */
function standsBefore(src: Buffer, starts: readonly number[], n: number, keyEnd: number): boolean {
  const from = (starts[n] as number) + 1
  for (let i = 0; i < n; i++) {
    const other = (starts[i] as number) + 1
    let k = 0
    while (from + k < keyEnd && src[other + k] === src[from + k]) k++
    if (from + k === keyEnd && src[other + k] === 0) return true
  }
  return false
}

function writeDouble(out: CopyBuffer, value: number): boolean {
  // Whole numbers in the range of Int32 would come back as Int32.
  return Number.isFinite(value) && (value | 0) !== value && writeAscii(out, String(value))
}

function writeString(out: CopyBuffer, src: Buffer, from: number, to: number): boolean {
  if (isPlain(src, from, to)) {
    writeByte(out, QUOTE)
    out.copyFrom(src, from, to)
    return writeByte(out, QUOTE)
  }
  const text = rawText(src, from, to)
  if (text === undefined || text.includes('\0')) return false
  const quoted = JSON.stringify(text)
  out.ensure(quoted.length * 3)
  out.at += out.bytes.write(quoted, out.at, 'utf8')
  return true
}

/** Printable ASCII that JSON writes as it is. */
function isPlain(src: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = src[i] as number
    if (byte < 32 || byte > 126 || byte === 34 || byte === 92) return false
  }
  return true
}

function writeAscii(out: CopyBuffer, text: string): true {
  out.ensure(text.length)
  for (let i = 0; i < text.length; i++) out.bytes[out.at++] = text.charCodeAt(i)
  return true
}

function writeByte(out: CopyBuffer, byte: number): true {
  out.ensure(1)
  out.bytes[out.at++] = byte
  return true
}
