import { type Decimal128, Int32 } from 'bson'
import { toDouble } from '../../bson/number.ts'
import { isNullish, isNumber, typeOf } from '../../bson/value-type.ts'
import { locationError } from '../../server-error.ts'
import { indexOperand, integerOf } from './array.ts'
import { named, type OperatorTable, positional, unary } from './operator.ts'

/** Expressions on strings. Positions count code points (`…CP`) or UTF-8 bytes (`…Bytes`), never UTF-16 units. */
export const STRING: OperatorTable = {
  $concat: positional('$concat', [0, Number.POSITIVE_INFINITY], (values) => {
    if (values.some(isNullish)) return null
    for (const value of values) {
      if (typeof value !== 'string')
        throw locationError(16702, `$concat only supports strings, not ${typeOf(value)}`)
    }
    return values.join('')
  }),
  // Only ASCII letters change case here: MongoDB leaves all others alone.
  $toLower: unary('$toLower', (value) =>
    textOf('$toLower', value).replace(/[A-Z]+/g, (part) => part.toLowerCase()),
  ),
  $toUpper: unary('$toUpper', (value) =>
    textOf('$toUpper', value).replace(/[a-z]+/g, (part) => part.toUpperCase()),
  ),
  $strcasecmp: positional('$strcasecmp', [2, 2], ([a, b]) => {
    const [left, right] = [a, b].map((value) => textOf('$strcasecmp', value).toUpperCase()) as [
      string,
      string,
    ]
    return new Int32(left < right ? -1 : left > right ? 1 : 0)
  }),
  $strLenCP: unary('$strLenCP', (value) => new Int32([...stringOf('$strLenCP', value, 34471)].length)),
  $strLenBytes: unary(
    '$strLenBytes',
    (value) => new Int32(Buffer.byteLength(stringOf('$strLenBytes', value, 34473))),
  ),
  $substr: substrBytes('$substr'),
  $substrBytes: substrBytes('$substrBytes'),
  $substrCP: positional('$substrCP', [3, 3], ([value, start, length]) => {
    const from = integerOf('$substrCP', start, [34450, 34451])
    const count = integerOf('$substrCP', length, [34452, 34453])
    if (count < 0) throw locationError(34454, '$substrCP: length must be a nonnegative integer.')
    if (from < 0) throw locationError(34455, '$substrCP: the starting index must be nonnegative integer.')
    return [...textOf('$substrCP', value)].slice(from, from + count).join('')
  }),
  $indexOfCP: positional('$indexOfCP', [2, 4], (values) =>
    indexOf('$indexOfCP', values, (text) => [...text].length),
  ),
  $indexOfBytes: positional('$indexOfBytes', [2, 4], (values) =>
    indexOf('$indexOfBytes', values, (text) => Buffer.byteLength(text)),
  ),
  $split: positional('$split', [2, 2], ([value, delimiter]) => {
    if (isNullish(value) || isNullish(delimiter)) return null
    const by = stringOf('$split', delimiter, 40086)
    if (by === '') throw locationError(40087, '$split requires a non-empty separator')
    return stringOf('$split', value, 40085).split(by)
  }),
  $trim: trim('$trim', true, true),
  $ltrim: trim('$ltrim', true, false),
  $rtrim: trim('$rtrim', false, true),
  $replaceOne: replace('$replaceOne', (input, find, replacement) => input.replace(find, () => replacement)),
  $replaceAll: replace('$replaceAll', (input, find, replacement) =>
    input.replaceAll(find, () => replacement),
  ),
}

/** What string expressions make of a value: null is the empty string, numbers and dates are written out. */
function textOf(name: string, value: unknown): string {
  if (isNullish(value)) return ''
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (isNumber(value)) return numberText(value)
  throw locationError(16007, `can't convert from BSON type ${typeOf(value)} to String in ${name}`)
}

/** A number as `$toString` writes it. */
export function numberText(value: unknown): string {
  const type = typeOf(value)
  return type === 'double' ? doubleText(toDouble(value)) : String(value as Decimal128)
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return Object.is(value, -0) ? '-0' : String(value)
}

function stringOf(name: string, value: unknown, code: number): string {
  if (typeof value !== 'string')
    throw locationError(code, `${name} requires a string argument, found: ${typeOf(value)}`)
  return value
}

function substrBytes(name: string) {
  return positional(name, [3, 3], ([value, start, length]) => {
    const from = integerOf(name, start, [16034, 16034])
    const count = integerOf(name, length, [16035, 16035])
    if (from < 0) throw locationError(50752, `${name}: starting index must be non-negative (got: ${from})`)
    const bytes = Buffer.from(textOf(name, value))
    const part = count < 0 ? bytes.subarray(from) : bytes.subarray(from, from + count)
    const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80
    if (isContinuation(part[0]))
      throw locationError(28656, `${name}: Invalid range, starting index is a UTF-8 continuation byte.`)
    if (isContinuation(bytes[from + part.length]))
      throw locationError(
        28657,
        `${name}: Invalid range, ending index is in the middle of a UTF-8 character.`,
      )
    return part.toString()
  })
}

function indexOf(
  name: string,
  [value, wanted, from, to]: unknown[],
  lengthOf: (text: string) => number,
): Int32 | null {
  if (isNullish(value)) return null
  const text = stringOf(name, value, 40091)
  const part = stringOf(name, wanted, 40092)
  const start = from === undefined ? 0 : indexOperand(name, 'starting', from)
  const end = to === undefined ? Number.POSITIVE_INFINITY : indexOperand(name, 'ending', to)
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const position = lengthOf(text.slice(0, at))
    if (position >= start && position + lengthOf(part) <= end) return new Int32(position)
  }
  return new Int32(-1)
}

function trim(name: string, left: boolean, right: boolean) {
  return named(name, { required: ['input'], optional: ['chars'] }, ({ input, chars }) => {
    if (isNullish(input) || chars === null) return null
    const characters = [...stringOf(name, input, 50699)]
    const trimmed = chars === undefined ? undefined : new Set(stringOf(name, chars, 50700))
    const drops = (character: string | undefined) =>
      character !== undefined && (trimmed?.has(character) ?? /[\s\0]/.test(character))
    let from = 0
    let to = characters.length
    while (left && from < to && drops(characters[from])) from++
    while (right && to > from && drops(characters[to - 1])) to--
    return characters.slice(from, to).join('')
  })
}

function replace(name: string, apply: (input: string, find: string, replacement: string) => string) {
  return named(name, { required: ['input', 'find', 'replacement'] }, ({ input, find, replacement }) => {
    if (isNullish(input) || isNullish(find) || isNullish(replacement)) return null
    const text = stringOf(name, input, 51746)
    const part = stringOf(name, find, 51745)
    const by = stringOf(name, replacement, 51744)
    return apply(text, part, by)
  })
}
