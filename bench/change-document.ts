import { Binary, Decimal128, Double, Int32, Long, ObjectId } from 'bson'
import type { Choices } from './choices.ts'

type Members = Record<string, unknown> | unknown[]

interface Place {
  holder: Members
  key: string
}

/** One in so many changes takes a member away, adds one, or changes only a type. */
const ONE_IN = 8

/** Changes one place of a document (decoded without promoting anything), as little as its type allows; says what. */
export function changeDocument(document: Record<string, unknown>, choices: Choices): string {
  const places = placesOf(document).filter(({ holder, key }) => holder !== document || key !== '_id')
  const kind = choices.below(ONE_IN)
  if (kind === 0 || places.length === 0) {
    document.zz = new Int32(1)
    return 'zz added'
  }
  const { holder, key } = choices.one(places)
  const members = holder as Record<string, unknown>
  if (kind === 1 && !Array.isArray(holder)) {
    delete members[key]
    return `${key} taken away`
  }
  const before = members[key]
  members[key] = kind === 2 ? otherType(before) : otherValue(before, choices)
  return `${key}: ${String(before)} became ${String(members[key])}`
}

function placesOf(holder: Members): Place[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    const isNested = Array.isArray(value) || (typeof value === 'object' && value !== null && isPlain(value))
    const inside = isNested ? placesOf(value as Members) : []
    return inside.length > 0 ? inside : [{ holder, key }]
  })
}

function isPlain(value: object): boolean {
  return !('_bsontype' in value) && !(value instanceof Date)
}

function otherType(value: unknown): unknown {
  if (value instanceof Int32) return new Double(value.value)
  if (value instanceof Double && Number.isInteger(value.value)) return Long.fromNumber(value.value)
  if (value instanceof ObjectId) return value.toHexString()
  return value === null ? '' : null
}

function otherValue(value: unknown, choices: Choices): unknown {
  if (typeof value === 'string') {
    if (value === '') return 'x'
    const at = choices.below(value.length)
    return value.slice(0, at) + (value[at] === 'a' ? 'b' : 'a') + value.slice(at + 1)
  }
  if (typeof value === 'boolean') return !value
  if (value instanceof Date) return new Date(value.getTime() + 1)
  if (value instanceof Int32) return new Int32(value.value === 2 ** 31 - 1 ? 0 : value.value + 1)
  if (value instanceof Double) return new Double(nextDouble(value.value))
  if (value instanceof Long) return value.add(1)
  if (value instanceof Decimal128) return Decimal128.fromString(value.toString() === '1' ? '2' : '1')
  if (value instanceof ObjectId) return new ObjectId()
  if (value instanceof Binary) return new Binary(Buffer.from('x'))
  return value === null ? 'x' : null
}

/** The very next double. */
function nextDouble(value: number): number {
  if (!Number.isFinite(value) || value === 0) return 1
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setFloat64(0, value)
  bytes.setBigInt64(0, bytes.getBigInt64(0) + 1n)
  return bytes.getFloat64(0)
}
