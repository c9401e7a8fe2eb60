import { Binary } from 'bson'
import { isNullish, typeOf } from '../../bson/value-type.ts'
import { locationError, serverError } from '../../server-error.ts'

/** How bytes are written as text. `auto` is for reading alone: a UUID as one, all else as base64. */
export type BinaryFormat = 'auto' | 'base64' | 'base64url' | 'hex' | 'utf8' | 'uuid'

const FORMATS: ReadonlySet<unknown> = new Set(['auto', 'base64', 'base64url', 'hex', 'utf8', 'uuid'])
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The `format` of `$convert`, which may come from an expression; undefined where none was given. */
export function binaryFormat(format: unknown): BinaryFormat | undefined {
  if (isNullish(format)) return undefined
  if (typeof format !== 'string') {
    throw locationError(4341114, `$convert requires that 'format' be a string, found: ${typeOf(format)}`)
  }
  if (!isFormat(format)) throw locationError(4341125, `Invalid 'format' argument for $convert: ${format}`)
  return format
}

/** Reads a text as bytes of a subtype; only UUIDs have the subtype of UUIDs. */
export function binaryOfText(text: string, format: BinaryFormat | undefined, subtype: number): Binary {
  if (format === undefined) throw formatMissing('string', 'binData')
  if ((format === 'uuid') !== (subtype === Binary.SUBTYPE_UUID)) {
    throw failed(text, 'binData', "The 'uuid' format and the UUID subtype belong together")
  }
  const bytes = bytesOf(text, format)
  if (bytes === undefined) throw failed(text, 'binData', `Input is not a valid ${format} string.`)
  return new Binary(bytes, subtype)
}

/** Writes bytes as a text. */
export function textOfBinary(value: Binary | Uint8Array, format: BinaryFormat | undefined): string {
  if (format === undefined) throw formatMissing('binData', 'string')
  const bytes = Buffer.from(value instanceof Uint8Array ? value : value.value())
  const isUuid =
    !(value instanceof Uint8Array) && value.sub_type === Binary.SUBTYPE_UUID && bytes.length === 16
  switch (format) {
    case 'hex':
      return bytes.toString('hex').toUpperCase()
    case 'utf8':
      return utf8Of(bytes)
    case 'base64':
    case 'base64url':
      return bytes.toString(format)
    case 'uuid':
      if (!isUuid) throw failed('binData', 'string', 'BinData does not represent a valid UUID')
      return uuidText(bytes)
    default:
      return isUuid ? uuidText(bytes) : bytes.toString('base64')
  }
}

function bytesOf(text: string, format: BinaryFormat): Buffer | undefined {
  switch (format) {
    case 'utf8':
      return Buffer.from(text)
    case 'hex':
      return /^([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : undefined
    case 'uuid':
      return UUID_TEXT.test(text) ? Buffer.from(text.replaceAll('-', ''), 'hex') : undefined
    case 'base64':
    case 'base64url': {
      const bytes = Buffer.from(text, format)
      // Node reads over what is no base64: only what it writes again in the same way was some.
      return bytes.toString(format) === text ? bytes : undefined
    }
    default:
      return undefined
  }
}

function utf8Of(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    if (cause instanceof TypeError) {
      throw failed('binData', 'string', 'BinData does not represent a valid UTF-8 string')
    }
    throw cause
  }
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function isFormat(format: string): format is BinaryFormat {
  return FORMATS.has(format)
}

function formatMissing(from: string, to: string): Error {
  return locationError(4341115, `Format must be speficied when converting from '${from}' to '${to}'`)
}

function failed(input: string, to: string, reason: string): Error {
  return serverError(
    241,
    'ConversionFailure',
    `Failed to convert '${input}' to ${to} in $convert with no onError value: ${reason}`,
  )
}
