import { type TypesNode, typesBelow } from '../natural-json.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { RAW, rawEnd, rawInt32, rawText } from './raw-bson.ts'

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
      return types?.type !== 'decimal128' && writeDouble(out, src.readDoubleLE(at))
    case RAW.objectId:
      return types?.type === 'objectId' && writeAscii(out, `"${src.toString('hex', at, at + 12)}"`)
    case RAW.date: {
      const ms = Number(src.readBigInt64LE(at))
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
  const keys = new Set<string>()
  writeAscii(out, '{')
  for (const start of starts) {
    const keyEnd = src.indexOf(0, start + 1)
    const key = rawText(src, start + 1, keyEnd)
    if (key === undefined || isOdd(key) || keys.has(key)) return false
    if (keys.size > 0) writeAscii(out, ',')
    keys.add(key)
    if (!writeString(out, src, start + 1, keyEnd)) return false
    writeAscii(out, ':')
    if (!writeRawJson(out, src, src[start] as number, keyEnd + 1, typesBelow(types, key))) return false
  }
  return writeAscii(out, '}')
}

/** Where the members of a document begin; undefined if its lengths do not add up. */
export function memberStarts(src: Buffer, at: number): number[] | undefined {
  const end = at + rawInt32(src, at) - 1
  const starts: number[] = []
  let here = at + 4
  while (here < end) {
    starts.push(here)
    const keyEnd = src.indexOf(0, here + 1)
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
  writeAscii(out, '[')
  for (const [i, start] of starts.entries()) {
    if (i > 0) writeAscii(out, ',')
    const value = src.indexOf(0, start + 1) + 1
    if (!writeRawJson(out, src, src[start] as number, value, typesBelow(types, String(i)))) return false
  }
  return writeAscii(out, ']')
}

/** Keys that JavaScript orders by itself (numbers), or that the BSON library reads as something else ($ref). */
function isOdd(key: string): boolean {
  return key === '$ref' || /^(?:0|[1-9]\d*)$/.test(key)
}

function writeDouble(out: CopyBuffer, value: number): boolean {
  // Whole numbers in the range of Int32 would come back as Int32.
  return Number.isFinite(value) && (value | 0) !== value && writeAscii(out, String(value))
}

function writeString(out: CopyBuffer, src: Buffer, from: number, to: number): boolean {
  if (isPlain(src, from, to)) {
    out.ensure(to - from + 2)
    out.bytes[out.at++] = 34
    out.at += src.copy(out.bytes, out.at, from, to)
    out.bytes[out.at++] = 34
    return true
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
  out.at += out.bytes.write(text, out.at, 'latin1')
  return true
}
