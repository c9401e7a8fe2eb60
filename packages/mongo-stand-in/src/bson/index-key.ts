import type { Binary, BSONRegExp, Code, ObjectId, Timestamp } from 'bson'
import type { Collation } from './collation.ts'
import { numericKey, numericValue } from './number.ts'
import { typeOf } from './value-type.ts'

/**
 * A text that is equal for exactly the values that `compareValues` finds equal: the key of hash and unique indexes.
 * Texts within carry their length, so no value can imitate another one by its content.
 */
export function indexKey(value: unknown, collation?: Collation): string {
  const type = typeOf(value)
  switch (type) {
    case 'missing':
    case 'null':
      return '0'
    case 'int':
    case 'long':
    case 'double':
    case 'decimal':
      return `n${numericKey(numericValue(value))}`
    case 'string':
    case 'symbol':
      return `s${sized(collation === undefined ? String(value) : collation.fold(String(value)))}`
    case 'object':
      return documentKey(value as object, collation)
    case 'array':
      return `[${(value as unknown[]).map((element) => indexKey(element, collation)).join(',')}]`
    default:
      return otherKey(type, value)
  }
}

function documentKey(document: object, collation?: Collation): string {
  const fields = Object.entries(document).map(
    ([name, value]) => `${sized(name)}=${indexKey(value, collation)}`,
  )
  return `{${fields.join(',')}}`
}

function otherKey(type: string, value: unknown): string {
  switch (type) {
    case 'binData':
      return binaryKey(value as Binary | Uint8Array)
    case 'objectId':
      return `o${(value as ObjectId).toHexString()}`
    case 'bool':
      return value === true ? 't' : 'f'
    case 'date':
      return `d${Number(value)}`
    case 'timestamp':
      return `i${String(value as Timestamp)}`
    case 'regex':
      return regexKey(value as BSONRegExp | RegExp)
    case 'javascript':
    case 'javascriptWithScope': {
      const { code, scope } = value as Code
      return type === 'javascript' ? `c${sized(code)}` : `w${sized(code)}${documentKey(scope ?? {})}`
    }
    default:
      return type === 'minKey' ? '<' : '>'
  }
}

function binaryKey(value: Binary | Uint8Array): string {
  if (value instanceof Uint8Array) return `b0:${Buffer.from(value).toString('base64')}`
  return `b${value.sub_type}:${Buffer.from(value.buffer.subarray(0, value.position)).toString('base64')}`
}

function regexKey(value: BSONRegExp | RegExp): string {
  const [pattern, options] =
    value instanceof RegExp ? [value.source, value.flags] : [value.pattern, value.options]
  return `r${sized(pattern)}${sized(options)}`
}

function sized(text: string): string {
  return `${text.length}:${text}`
}
