import { Timestamp } from 'bson'
import { isDocument } from '../../bson/value-type.ts'
import { badValue } from '../../server-error.ts'
import type { UpdateOperator } from './operator.ts'

/** `$currentDate: true`, or `{ $type: 'date' | 'timestamp' }`. */
export const currentDate: UpdateOperator = (operand, { path }) => {
  const type = wantedType(operand)
  if (type === undefined) {
    throw badValue(
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${path}: ...}}`,
    )
  }
  return (location, { now = new Date(), timestamp }) => {
    if (type === 'date') location.write(now)
    else location.write(timestamp ?? new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 }))
  }
}

function wantedType(operand: unknown): 'date' | 'timestamp' | undefined {
  if (typeof operand === 'boolean') return 'date'
  if (!isDocument(operand) || Object.keys(operand).length !== 1) return undefined
  return operand.$type === 'date' || operand.$type === 'timestamp' ? operand.$type : undefined
}
