/*
 * Values of every BSON type, with the edges where a store rounds, wraps, trims or refuses. Each `write...` adds one
 * whole element: type, key, value.
 */
import { Decimal128 } from 'bson'
import type { BsonBytes } from './bson-bytes.ts'
import type { Random } from './random.ts'

export type Key = string | Uint8Array
export type WriteElement = (random: Random, out: BsonBytes, key: Key) => void

const edgeTexts: [string, ...string[]] = [
  '',
  ' ',
  '1.50',
  '-0',
  '007',
  '1e3',
  'NaN',
  'Infinity',
  '12 USD',
  '۱۲۳',
  'a\0b',
  '\0',
  '\u{10FFFF}',
  'e\u0301',
  '\ufeffbom',
  '\u2028',
  '\\u0000',
  '\\ud800',
  '"{}',
  '507f1f77bcf86cd799439011',
  '507F1F77BCF86CD799439011',
  'template-checkout-1',
  '2024-01-02T03:04:05.678Z',
  '2024-01-02',
  'x'.repeat(300),
]
/** No UTF-8: half a surrogate pair as three bytes, an overlong slash, bytes that stand alone. */
const brokenTexts: [Buffer, ...Buffer[]] = [
  Buffer.from('eda080', 'hex'),
  Buffer.from('61edb08062', 'hex'),
  Buffer.from('c0af', 'hex'),
  Buffer.from('ff', 'hex'),
  Buffer.from('61e282', 'hex'),
  Buffer.from('f4908080', 'hex'),
]
const letters = 'abcdefghijklmnopqrstuvwxyzABCXYZ0123456789 -_.$äöü漢😀'
const glyphs = [...letters] as [string, ...string[]]

export const writeText: WriteElement = (random, out, key) => {
  out.element(2, key)
  if (random.chance(0.7)) out.string(plainText(random))
  else out.string(random.chance(0.97) ? random.pick(edgeTexts) : random.pick(brokenTexts))
}

export function plainText(random: Random): string {
  let text = ''
  for (let length = random.below(12); length > 0; length--) text += random.pick(glyphs)
  return text
}

const edgeDoubles: [number, ...number[]] = [
  0,
  -0,
  1,
  1.5,
  0.1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  -(2 ** 63),
  5e-324,
  Number.MAX_VALUE,
  1e21,
  1e-7,
  123_456_789.125,
  2_147_483_648,
]
const edgeLongs: [bigint, ...bigint[]] = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  10n ** 18n,
]
const edgeDecimals: [string, ...string[]] = [
  '0',
  '-0',
  '0.00',
  '1.50',
  '1.5',
  '1E+3',
  '1E-19',
  '1E-18',
  '0.000000000000000001',
  '9999999999999999999999999999999999',
  '-9999999999999999999999999999999999E-18',
  '9999999999999999.999999999999999999',
  '1E+6111',
  '1E-6176',
  'NaN',
  'Infinity',
  '-Infinity',
  '0E+3',
  '0E-6176',
]

export const writeNumber: WriteElement = (random, out, key) => {
  switch (random.below(7)) {
    case 0:
    case 1:
      out.element(16, key)
      out.int32(random.chance(0.7) ? random.below(100_000) - 1_000 : random.bytes(4).readInt32LE())
      return
    case 2:
    case 3:
      out.element(1, key)
      writeDoubleValue(random, out, random.below(4))
      return
    case 4:
      out.element(18, key)
      if (random.chance(0.4)) out.int64(BigInt(random.below(10_000)))
      else out.int64(random.chance(0.5) ? random.pick(edgeLongs) : random.bytes(8).readBigInt64LE())
      return
    default:
      writeDecimal(random, out, key)
  }
}

function writeDoubleValue(random: Random, out: BsonBytes, kind: number): void {
  if (kind < 2) out.double((random.below(2_000_000) - 1_000_000) / 100)
  else if (kind === 2) out.double(random.pick(edgeDoubles))
  else out.raw(random.bytes(8))
}

/** Any 16 bytes are a Decimal128; canonical ones are written from their text. */
const writeDecimal: WriteElement = (random, out, key) => {
  out.element(19, key)
  if (random.chance(0.03)) return out.raw(random.bytes(16))
  const text = random.chance(0.4)
    ? random.pick(edgeDecimals)
    : `${random.chance(0.3) ? '-' : ''}${digits(random, 1 + random.below(34))}E${random.below(45) - 40}`
  out.raw(Decimal128.fromString(text).bytes)
}

function digits(random: Random, length: number): string {
  let text = ''
  for (let i = 0; i < length; i++) text += String(random.below(10))
  return text
}

const edgeDates: [bigint, ...bigint[]] = [
  0n,
  -1n,
  -2_208_988_800_001n,
  -62_135_596_800_001n,
  -62_167_219_200_000n,
  -210_866_803_200_000n,
  -210_866_803_200_001n,
  253_402_300_800_000n,
  8_640_000_000_000_000n,
  -8_640_000_000_000_000n,
  8_640_000_000_000_001n,
  -(2n ** 63n),
  2n ** 63n - 1n,
]

export const writeDate: WriteElement = (random, out, key) => {
  out.element(9, key)
  if (random.chance(0.8))
    out.int64(BigInt(random.below(2_000_000_000)) * 1_000n + BigInt(random.below(1_000)))
  else if (random.chance(0.5)) out.int64(BigInt(random.below(2_000_000_000)) * -60_000n)
  else out.int64(random.pick(edgeDates))
}

export const writeObjectId: WriteElement = (random, out, key) => {
  out.element(7, key)
  out.raw(random.bytes(12))
}

export const writeBoolean: WriteElement = (random, out, key) => {
  out.element(8, key)
  out.byte(random.below(2))
}

export const writeNull: WriteElement = (_random, out, key) => out.element(10, key)

/** The deprecated type `undefined`. */
export const writeUndefined: WriteElement = (_random, out, key) => out.element(6, key)

export const writeBinary: WriteElement = (random, out, key) => {
  out.element(5, key)
  const subtype = random.pick([0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 128, 255])
  const bytes = random.bytes(subtype === 3 || subtype === 4 || subtype === 5 ? 16 : random.below(40))
  if (subtype !== 2) {
    out.int32(bytes.length)
    out.byte(subtype)
    out.raw(bytes)
    return
  }
  // The old binary holds its length twice.
  out.int32(bytes.length + 4)
  out.byte(2)
  out.int32(random.chance(0.9) ? bytes.length : bytes.length + 1)
  out.raw(bytes)
}

/** What is rare in documents: expressions, code, symbols, times of the oplog, the ends of all keys, DBPointers. */
export const writeRare: WriteElement = (random, out, key) => {
  const text = () => (random.chance(0.95) ? plainText(random) : random.pick(brokenTexts))
  switch (random.below(9)) {
    case 0:
      out.element(11, key)
      out.cstring(random.chance(0.9) ? plainText(random) : random.pick(brokenTexts))
      return out.cstring(random.pick(['', 'i', 'im', 'imsx', 'xi', 'q']))
    case 1:
      out.element(13, key)
      return out.string(text())
    case 2:
      out.element(14, key)
      return out.string(text())
    case 3: {
      out.element(15, key)
      const code = Buffer.from(plainText(random))
      const scope = random.chance(0.2) ? twice : Buffer.from('0c0000001078000100000000', 'hex')
      out.int32(4 + 4 + code.length + 1 + scope.length)
      out.string(code)
      return out.raw(scope)
    }
    case 4:
      out.element(17, key)
      return out.raw(random.bytes(8))
    case 5:
      return out.element(255, key)
    case 6:
      return out.element(127, key)
    case 7:
      return writeDbRef(random, out, key)
    default:
      if (random.chance(0.8)) return writeUndefined(random, out, key)
      out.element(12, key)
      out.string('db.things')
      return out.raw(random.bytes(12))
  }
}

/** A document that holds the key `x` twice. */
const twice = Buffer.from('130000001078000100000010780002000000' + '00', 'hex')

const writeDbRef: WriteElement = (random, out, key) => {
  out.element(3, key)
  out.begin()
  out.element(2, '$ref')
  out.string(random.pick(['things', 'db.things', 'a.b.c', '']))
  if (random.chance(0.9)) writeObjectId(random, out, '$id')
  if (random.chance(0.3)) writeText(random, out, '$db')
  if (random.chance(0.3)) writeNumber(random, out, 'more')
  out.end()
}

const edgeKeys: [string, ...string[]] = [
  'a.b',
  '.',
  '..',
  '$set',
  '$oid',
  '$form',
  '$missing',
  '$bson',
  '$date',
  '$ref',
  '$numberInt',
  '',
  'c\\d',
  '\\e',
  '0',
  '12',
  '-1',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'reason',
  'value',
  'schlüssel',
  'e\u0301',
  'k'.repeat(200),
]
const plainKeys: [string, ...string[]] = [
  'legacyNote',
  'old',
  'x',
  'profile',
  'tags2',
  'history',
  'v1',
  'note',
]

export function anyKey(random: Random): Key {
  if (random.chance(0.5)) return random.pick(plainKeys)
  return random.chance(0.995) ? random.pick(edgeKeys) : random.pick(brokenTexts)
}

/** Any value at all; `depth` more levels of documents and arrays may follow. */
export function writeAny(random: Random, out: BsonBytes, key: Key, depth = 3): void {
  const kind = random.below(depth > 0 ? 14 : 11)
  if (kind < 3) writeText(random, out, key)
  else if (kind < 6) writeNumber(random, out, key)
  else if (kind === 6) writeDate(random, out, key)
  else if (kind === 7) random.chance(0.5) ? writeBoolean(random, out, key) : writeNull(random, out, key)
  else if (kind === 8) writeObjectId(random, out, key)
  else if (kind === 9) writeBinary(random, out, key)
  else if (kind === 10) writeRare(random, out, key)
  else if (kind === 11) {
    out.element(4, key)
    out.begin()
    for (let i = 0, length = random.below(4); i < length; i++) writeAny(random, out, String(i), depth - 1)
    out.end()
  } else {
    out.element(3, key)
    out.begin()
    writeAnyMembers(random, out, random.below(4), depth - 1)
    out.end()
  }
}

/** This many members of any name and value; one in a thousand twice. */
export function writeAnyMembers(random: Random, out: BsonBytes, count: number, depth: number): void {
  const written = new Set<string>()
  for (let i = 0; i < count; i++) {
    const key = anyKey(random)
    const name = String(key)
    if (written.has(name) && !random.chance(0.02)) continue
    written.add(name)
    writeAny(random, out, key, depth)
  }
}
