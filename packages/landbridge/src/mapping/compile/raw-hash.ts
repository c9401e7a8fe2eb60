import { decodeBson } from '../bson.ts'
import { canonicalHash, canonicalText } from '../canonical-form.ts'
import { comparable } from '../comparable.ts'
import { compiledTableOf } from '../define-mapping.ts'
import { withoutDropped } from '../drop-paths.ts'
import type { Mapping } from '../types.ts'
import { CanonicalBuffer, int64Text } from './canonical-buffer.ts'
import { exactValue, RAW, rawDouble, rawEnd, rawInt32, rawInt64 } from './raw-bson.ts'
import {
  documentTree,
  elementTree,
  newShapeTree,
  type ShapeTree,
  shapeAfter,
  sortedShapes,
} from './raw-shape.ts'

/** The hash of a raw document, and how many documents could not be told without reading them as a whole. */
export interface RawHasher {
  hash(raw: Uint8Array): bigint
  readonly general: number
}

const hashers = new WeakMap<Mapping, RawHasher>()

/**
 * The canonical typed hash of what the mapping keeps of a raw document: equal to
 * `canonicalHash(comparable(mapping, decodeBson(raw)))`, without an object for the document. Throws the same
 * MappingError for bytes that cannot be read exactly.
 */
export function hashRaw(mapping: Mapping, raw: Uint8Array): bigint {
  return rawHasherOf(mapping).hash(raw)
}

export function rawHasherOf(mapping: Mapping): RawHasher {
  let hasher = hashers.get(mapping)
  if (hasher === undefined) {
    hasher = compileRawHash(mapping)
    hashers.set(mapping, hasher)
  }
  return hasher
}

/** Places of the members of all documents that are open, one after the other. */
const stack = { types: new Uint8Array(1024), offsets: new Int32Array(1024), top: 0 }

function compileRawHash(mapping: Mapping): RawHasher {
  const tree = newShapeTree(compiledTableOf(mapping).root)
  const out = new CanonicalBuffer()
  let general = 0
  return {
    hash(raw) {
      const src = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
      out.at = 0
      stack.top = 0
      if (isWholeDocument(src) && writeDocument(out, src, 0, src.length, tree)) return out.takeHash()
      general++
      return canonicalHash(comparable(mapping, decodeBson(raw)))
    },
    get general() {
      return general
    },
  }
}

function isWholeDocument(src: Buffer): boolean {
  return src.length >= 5 && rawInt32(src, 0) === src.length && src[src.length - 1] === 0
}

function writeDocument(
  out: CanonicalBuffer,
  src: Buffer,
  start: number,
  limit: number,
  tree: ShapeTree,
): boolean {
  const end = start + rawInt32(src, start) - 1
  if (end >= limit) return false
  const base = stack.top
  let shape = tree.start
  let at = start + 4
  while (at < end) {
    const type = src[at++] as number
    const next = shapeAfter(tree, shape, src, at)
    if (next === undefined) {
      stack.top = base
      return writeGeneral(out, src, start, tree)
    }
    const valueAt = at + next.key.length
    at = rawEnd(src, type, valueAt)
    if (at < valueAt || at > end || (next.isDropped && exactValue(src, type, valueAt) === undefined))
      return false
    shape = next
    push(type, valueAt)
  }
  if (at !== end) return false
  out.byte(123)
  let isFirst = true
  for (const each of sortedShapes(shape)) {
    const place = base + each.depth - 1
    if (!isFirst) out.byte(44)
    isFirst = false
    out.copy(each.label, 0, each.label.length)
    const type = stack.types[place] as number
    const valueAt = stack.offsets[place] as number
    const isWritten =
      type === RAW.document
        ? writeDocument(out, src, valueAt, end, documentTree(tree, each))
        : type === RAW.array
          ? writeArray(out, src, valueAt, end, elementTree(tree, each))
          : writeScalar(out, src, type, valueAt)
    if (!isWritten) return false
  }
  out.byte(125)
  stack.top = base
  return true
}

function writeArray(
  out: CanonicalBuffer,
  src: Buffer,
  start: number,
  limit: number,
  tree: ShapeTree,
): boolean {
  const end = start + rawInt32(src, start) - 1
  if (end >= limit) return false
  let at = start + 4
  out.byte(91)
  for (let i = 0; at < end; i++) {
    const type = src[at] as number
    const valueAt = src.indexOf(0, at + 1) + 1
    if (valueAt === 0) return false
    at = rawEnd(src, type, valueAt)
    if (at < valueAt || at > end) return false
    if (i > 0) out.byte(44)
    const isWritten =
      type === RAW.document
        ? writeDocument(out, src, valueAt, end, tree)
        : type === RAW.array
          ? writeArray(out, src, valueAt, end, elementTree({ ...tree, node: undefined }, tree.start))
          : writeScalar(out, src, type, valueAt)
    if (!isWritten) return false
  }
  out.byte(93)
  return at === end
}

/** A document whose keys are data: read and sorted by itself. */
function writeGeneral(out: CanonicalBuffer, src: Buffer, at: number, tree: ShapeTree): boolean {
  const value = exactValue(src, RAW.document, at)
  if (value === undefined) return false
  out.text(canonicalText(tree.node === undefined ? value : withoutDropped(tree.node, value)))
  return true
}

function writeScalar(out: CanonicalBuffer, src: Buffer, type: number, at: number): boolean {
  switch (type) {
    case RAW.string:
      return out.jsonString(src, at + 4, at + 3 + rawInt32(src, at))
    case RAW.objectId:
      out.ascii('objectId(')
      out.hex(src, at, at + 12)
      break
    case RAW.date: {
      if (!(Math.abs(rawInt64(src, at)) <= 8.64e15)) return false
      out.ascii('date(')
      out.ascii(int64Text(src, at))
      break
    }
    case RAW.int32:
      out.ascii('int32(')
      out.ascii(String(rawInt32(src, at)))
      break
    case RAW.double: {
      const value = rawDouble(src, at)
      out.ascii('double(')
      out.ascii(Object.is(value, -0) ? '-0' : String(value))
      break
    }
    case RAW.int64:
      out.ascii('long(')
      out.ascii(int64Text(src, at))
      break
    case RAW.bool:
      out.ascii(src[at] === 1 ? 'true' : 'false')
      return true
    case RAW.null:
      out.ascii('null')
      return true
    case RAW.undefined:
      out.ascii('undefined')
      return true
    default:
      return writeRare(out, src, type, at)
  }
  out.byte(41)
  return true
}

function writeRare(out: CanonicalBuffer, src: Buffer, type: number, at: number): boolean {
  const value = exactValue(src, type, at)
  if (value === undefined) return false
  out.text(canonicalText(value))
  return true
}

function push(type: number, at: number): void {
  if (stack.top === stack.types.length) {
    const types = new Uint8Array(stack.top * 2)
    const offsets = new Int32Array(stack.top * 2)
    types.set(stack.types)
    offsets.set(stack.offsets)
    stack.types = types
    stack.offsets = offsets
  }
  stack.types[stack.top] = type
  stack.offsets[stack.top++] = at
}
