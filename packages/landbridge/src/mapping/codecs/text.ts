import type { AnyPgColumn } from 'drizzle-orm/pg-core'
import { objectIdHex } from '../bson-value.ts'
import { textTrouble } from '../storable-text.ts'
import type { PgValue } from '../types.ts'
import { type Codec, type Encoded, type FieldOptions, refuse, refuseType } from './codec.ts'

export interface TextOptions extends FieldOptions {
  /** In characters; taken from varchar(n) where that is less. */
  maxLength?: number
  /** What the column's CHECK demands. */
  pattern?: RegExp
}

/** Text, and text enums: string to text. An ObjectId is taken too, as its hex, and comes back as an ObjectId. */
export function text(column: AnyPgColumn, options: TextOptions = {}): Codec {
  const declared = /^(?:varchar|char)\((\d+)\)$/.exec(column.getSQLType())
  const maxLength = Math.min(
    options.maxLength ?? Infinity,
    declared === null ? Infinity : Number(declared[1]),
  )
  const isPadded = column.getSQLType().startsWith('char(')
  const allowed = column.enumValues === undefined ? undefined : new Set<string>(column.enumValues)
  const pattern = options.pattern

  const encodeText = (value: string, exact: boolean): Encoded => {
    const trouble = textTrouble(value)
    if (trouble !== undefined) return refuse(trouble, 'Postgres cannot hold this text')
    if (allowed !== undefined && !allowed.has(value))
      return refuse('enum', 'not one of the values of the column')
    if (value.length > maxLength && lengthOf(value) > maxLength) {
      return refuse('length', `longer than ${maxLength} characters`)
    }
    // char(n) pads with spaces, which would come back as part of the text.
    if (isPadded && lengthOf(value) !== maxLength)
      return refuse('length', `not exactly ${maxLength} characters`)
    if (pattern !== undefined && value.search(pattern) < 0)
      return refuse('check', `does not match ${pattern}`)
    return { cells: [value], exact }
  }

  return {
    kind: 'text',
    columns: [column],
    refused: options.refused,
    empty: options.empty,
    settings: { maxLength: options.maxLength ?? null, pattern: pattern?.toString() ?? null },
    // char(n) counts characters, which raw bytes do not tell.
    raw: isPadded ? { kind: 'general' } : { kind: 'text', maxLength, allowed, pattern },
    encode(value, type) {
      if (type === 'string') return encodeText(value as string, true)
      if (type === 'objectId') return encodeText(objectIdHex(value), false)
      return refuseType('text', type)
    },
    decode: ([cell]: PgValue[]) => cell,
  }
}

/** Length as Postgres counts it: code points, not UTF-16 units. */
function lengthOf(value: string): number {
  let length = 0
  for (const _ of value) length++
  return length
}
