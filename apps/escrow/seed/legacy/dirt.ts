import { Decimal128, type Document, Double, Int32, Long } from 'bson'
import type { Random } from './random.ts'

/** What every old document may lack: old writers knew neither timestamps nor versions. */
export function stamps(random: Random, createdAt: Date): Document {
  if (random.chance(0.03)) return {}
  const updatedAt = new Date(createdAt.getTime() + random.int(0, 5_000_000_000))
  if (random.chance(0.01)) return { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() }
  return { createdAt, updatedAt, __v: random.int(0, 4) }
}

/** One amount in the many spellings that four years of writers used. */
export function amount(random: Random): unknown {
  const units = random.int(1, 5_000)
  const cents = random.int(0, 99)
  const text = `${units}.${String(cents).padStart(2, '0')}`
  const spelling = random.int(1, 100)
  if (spelling <= 55) return cents === 0 ? new Int32(units) : new Double(units + cents / 100)
  if (spelling <= 75) return new Int32(units)
  if (spelling <= 85) return Decimal128.fromString(text)
  if (spelling <= 90) return text
  if (spelling <= 93) return new Double(units)
  if (spelling <= 95) return Decimal128.fromString(`${units}.50`)
  if (spelling <= 97) return new Double(0.1 + 0.2)
  if (spelling <= 98) return Long.fromNumber(units)
  return random.pick<unknown>([
    '۱۲۵۰',
    `${units} USDT`,
    new Double(Number.NaN),
    '1.50',
    null,
    '0.1234567890123456789',
  ])
}

/** Values that no column can hold, and keys that nobody mapped: rare, and everywhere. */
export function oddities(random: Random): Document {
  if (!random.chance(0.02)) return {}
  return random.pick<Document>([
    { legacyFlag: true },
    { importedFrom: { system: 'v1', 'key.with.dots': 1, at: new Date(0) } },
    { notesInternal: 'before\u0000after' },
    { score: new Double(Number.POSITIVE_INFINITY) },
    { oldIds: null },
  ])
}
