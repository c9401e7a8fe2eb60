import type { ObjectId, Timestamp } from 'bson'
import { typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'

/** The instant that a date expression stands for; ObjectIds and timestamps carry one. */
export function dateOf(name: string, value: unknown, code = 16006): Date {
  if (value instanceof Date) return value
  if (typeOf(value) === 'objectId') return (value as ObjectId).getTimestamp()
  if (typeOf(value) === 'timestamp') return new Date((value as Timestamp).getHighBits() * 1000)
  throw locationError(code, `can't convert from ${typeOf(value)} to Date in ${name}`)
}
