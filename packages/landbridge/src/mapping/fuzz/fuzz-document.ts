import type { CompiledField, CompiledTable, PathNode } from '../compiled-table.ts'
import { compiledTableOf } from '../define-mapping.ts'
import type { ColumnShape, Mapping } from '../types.ts'
import { BsonBytes } from './bson-bytes.ts'
import {
  type Key,
  plainText,
  type WriteElement,
  writeAny,
  writeAnyMembers,
  writeBinary,
  writeBoolean,
  writeDate,
  writeNull,
  writeNumber,
  writeObjectId,
  writeText,
  writeUndefined,
} from './bson-zoo.ts'
import { type Random, randomOf } from './random.ts'

const out = new BsonBytes()

/**
 * The raw document of a seed, as this mapping may meet it: mostly what its columns stand for, members in any order, with
 * every BSON type, missing and unknown paths, wrong kinds of containers, and bytes that no library writes mixed in.
 */
export function fuzzDocument(mapping: Mapping, seed: number): Buffer {
  const random = randomOf(seed)
  // Some documents are clean, or nothing would ever be walked without `extra`.
  const dirt = random.chance(0.3) ? 0 : 1
  out.take()
  out.begin()
  const writeId: WriteElement =
    mapping.identity === 'object-id' && !random.chance(0.02 * dirt) ? writeObjectId : writeAnyId
  const isLate = random.chance(0.05)
  if (!isLate) writeId(random, out, '_id')
  writeContent(random, compiledTableOf(mapping), dirt)
  if (isLate) writeId(random, out, '_id')
  out.end()
  return out.take()
}

const writeAnyId: WriteElement = (random, into, key) => {
  if (random.chance(0.4)) writeText(random, into, key)
  else if (random.chance(0.5)) writeNumber(random, into, key)
  else writeAny(random, into, key, 1)
}

function writeContent(random: Random, table: CompiledTable, dirt: number): void {
  writeMembers(random, table.root, dirt, dirt > 0 && random.chance(0.25) ? 1 + random.below(3) : 0)
}

function writeMembers(random: Random, node: PathNode, dirt: number, unknown: number): void {
  const members = [...node.members].filter(([key]) => key !== '_id' || node.path !== '')
  if (random.chance(0.2)) shuffle(random, members)
  for (const [key, member] of members) writeMember(random, key, member, dirt)
  if (unknown > 0) writeAnyMembers(random, out, unknown, 2)
}

function writeMember(random: Random, key: Key, node: PathNode, dirt: number): void {
  const required = node.field?.refused === 'quarantine'
  if (dirt > 0 && random.chance(required ? 0.02 : 0.3)) {
    const kind = random.below(10)
    if (kind >= 7) writeAny(random, out, key)
    else if (kind >= 6) writeUndefined(random, out, key)
    else if (kind >= 4) writeNull(random, out, key)
    return
  }
  // What null columns mean costs nothing: the shape that most documents of the collection have.
  if (dirt === 0 && !required && node.child === undefined && random.chance(0.2)) {
    if (node.field?.empty === 'null') writeNull(random, out, key)
    return
  }
  writeClean(random, key, node, dirt)
}

function writeClean(random: Random, key: Key, node: PathNode, dirt: number): void {
  const { child, field } = node
  if (child !== undefined) {
    const [scalar] = child.table.fields
    const isRow = child.kind === 'row'
    out.element(isRow ? 3 : 4, key)
    out.begin()
    if (isRow) writeContent(random, child.table, dirt)
    else {
      for (let i = 0, length = random.below(4); i < length; i++) {
        if (child.kind === 'values' && scalar !== undefined) writeField(random, String(i), scalar)
        else {
          out.element(3, String(i))
          out.begin()
          if (child.table.growing !== undefined && !random.chance(0.03 * dirt))
            writeObjectId(random, out, '_id')
          writeElement(random, child.table, dirt)
          out.end()
        }
      }
    }
    out.end()
  } else if (node.members.size > 0) {
    out.element(3, key)
    out.begin()
    writeMembers(random, node, dirt, field !== undefined && random.chance(0.5) ? random.below(3) : 0)
    out.end()
  } else if (field !== undefined) writeField(random, key, field)
  else writeAny(random, out, key)
}

/** An element's own `_id` was written before, where it must be there. */
function writeElement(random: Random, table: CompiledTable, dirt: number): void {
  if (table.growing === undefined) {
    writeContent(random, table, dirt)
    return
  }
  const members = [...table.root.members].filter(([key]) => key !== '_id')
  for (const [key, member] of members) writeMember(random, key, member, dirt)
  if (dirt > 0 && random.chance(0.2)) writeAnyMembers(random, out, 1, 1)
}

function writeField(random: Random, key: Key, { codec, columns }: CompiledField): void {
  const [column] = columns
  // A document with a value that is none of its column's few is refused too often to tell anything else.
  const usual = random.chance(column?.enumValues === undefined ? 0.8 : 0.99) && usualByKind[codec.kind]
  if (usual) usual(random, out, key, column)
  else if (codec.kind.startsWith('array of')) {
    out.element(4, key)
    out.begin()
    for (let i = 0, length = random.below(4); i < length; i++) {
      if (codec.kind.endsWith('text')) writeText(random, out, String(i))
      else writeNumber(random, out, String(i))
    }
    out.end()
  } else writeByKind(random, out, key, codec.kind)
}

function writeByKind(random: Random, into: BsonBytes, key: Key, kind: string): void {
  const write = byKind[kind]
  if (write === undefined) writeAny(random, into, key)
  else write(random, into, key)
}

/** What a reference holds: an id, an id as text, the name of something outside. */
const writeReference: WriteElement = (random, into, key) => {
  if (random.chance(0.6)) return writeObjectId(random, into, key)
  into.element(2, key)
  if (random.chance(0.4)) return into.string(random.bytes(12).toString('hex'))
  return into.string(random.chance(0.5) ? `template-checkout-${random.below(99)}` : plainText(random))
}

/** Plain JSON most of the time: a column of jsonb whose every place is odd tells little. */
const writeJson: WriteElement = (random, into, key) => {
  if (random.chance(0.3)) return writeAny(random, into, key)
  into.element(3, key)
  into.begin()
  for (let i = 0, count = random.below(4); i < count; i++) {
    const name = `${i}${plainText(random).replaceAll('\0', '')}`
    const kind = random.below(5)
    if (kind === 0) {
      into.element(16, name)
      into.int32(random.below(1_000))
    } else if (kind === 1) {
      into.element(1, name)
      into.double(random.below(1_000) + 0.5)
    } else if (kind === 2) writeBoolean(random, into, name)
    else if (kind === 3) writeDate(random, into, name)
    else {
      into.element(2, name)
      into.string(plainText(random))
    }
  }
  into.end()
}

type WriteUsual = (random: Random, into: BsonBytes, key: Key, column: ColumnShape | undefined) => void

/** What a column of this kind holds in nearly every document: its default form. */
const usualByKind: Record<string, WriteUsual> = {
  text(random, into, key, column) {
    const allowed = column?.enumValues ?? []
    into.element(2, key)
    into.string(allowed.length > 0 ? (allowed[random.below(allowed.length)] ?? '') : plainText(random))
  },
  decimal: writePrice,
  numeric: writePrice,
  integer(random, into, key) {
    into.element(16, key)
    into.int32(1 + random.below(1_000))
  },
  timestamp(random, into, key, column) {
    into.element(9, key)
    const step = column?.sqlType.includes('(0)') === true ? 1_000 : 1
    into.int64(BigInt(Math.floor((random.below(2_000_000_000) * 1_000 + random.below(1_000)) / step) * step))
  },
  binary(random, into, key) {
    into.element(5, key)
    into.int32(4)
    into.byte(0)
    into.raw(random.bytes(4))
  },
}

function writePrice(random: Random, into: BsonBytes, key: Key, column: ColumnShape | undefined): void {
  const scale = Number(/,\s*(\d+)/.exec(column?.sqlType ?? '')?.[1] ?? 0)
  if (scale < 2 || random.chance(0.3)) {
    into.element(16, key)
    into.int32(random.below(100_000))
  } else {
    into.element(1, key)
    into.double(random.below(10_000_000) / 100 + 0.01)
  }
}

const byKind: Record<string, WriteElement> = {
  text: writeText,
  decimal: writeNumber,
  numeric: writeNumber,
  integer: writeNumber,
  boolean: writeBoolean,
  timestamp: writeDate,
  binary: writeBinary,
  'object-id': writeObjectId,
  'entity-id': writeObjectId,
  reference: writeReference,
  json: writeJson,
}

function shuffle<Item>(random: Random, items: Item[]): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const [one, other] = [items[i] as Item, items[j] as Item]
    items[i] = other
    items[j] = one
  }
}
