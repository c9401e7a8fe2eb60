/*
 * The canonical text of a raw document, told from its bytes and not by the BSON library: what the fuzzer checks the
 * library's reading against. Throws Unreadable for what has no exact reading.
 */
import { Decimal128 } from 'bson'

export class Unreadable extends Error {}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

interface Place {
  src: Buffer
  at: number
}

export function canonicalTextOfBytes(src: Buffer): string {
  return readDocument({ src, at: 0 }, false)
}

function readDocument(place: Place, isArray: boolean): string {
  const { src } = place
  const end = place.at + src.readInt32LE(place.at) - 1
  place.at += 4
  const members: [string, string][] = []
  const seen = new Set<string>()
  while (place.at < end) {
    const type = src[place.at++] as number
    const key = isArray ? skipCstring(place) : readCstring(place)
    if (!isArray && seen.has(key)) throw new Unreadable(`key ${key} twice`)
    seen.add(key)
    members.push([JSON.stringify(key), readValue(place, type)])
  }
  place.at = end + 1
  if (isArray) return `[${members.map(([, text]) => text).join(',')}]`
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${members.map(([key, text]) => `${key}:${text}`).join(',')}}`
}

function readValue(place: Place, type: number): string {
  const { src } = place
  const start = place.at
  switch (type) {
    case 1:
      place.at += 8
      return `double(${numberText(src.readDoubleLE(start))})`
    case 2:
      return JSON.stringify(readString(place))
    case 3:
      return readDocument(place, false)
    case 4:
      return readDocument(place, true)
    case 5:
      return readBinary(place)
    case 6:
      return 'undefined'
    case 7:
      place.at += 12
      return `objectId(${src.toString('hex', start, start + 12)})`
    case 8:
      place.at += 1
      return src[start] === 1 ? 'true' : 'false'
    case 9: {
      place.at += 8
      const ms = src.readBigInt64LE(start)
      if (ms > 8_640_000_000_000_000n || ms < -8_640_000_000_000_000n)
        throw new Unreadable('date out of range')
      return `date(${ms})`
    }
    case 10:
      return 'null'
    case 11: {
      const pattern = readCstring(place)
      return `regex(${JSON.stringify(pattern)},${JSON.stringify(readCstring(place))})`
    }
    case 13:
      return `code(${JSON.stringify(readString(place))})`
    case 14:
      return `symbol(${JSON.stringify(readString(place))})`
    case 15: {
      place.at += 4
      const code = readString(place)
      return `code(${JSON.stringify(code)},${readDocument(place, false)})`
    }
    case 16:
      place.at += 4
      return `int32(${src.readInt32LE(start)})`
    case 17:
      place.at += 8
      return `timestamp(${src.readBigUInt64LE(start)})`
    case 18:
      place.at += 8
      return `long(${src.readBigInt64LE(start)})`
    case 19:
      place.at += 16
      return `decimal128(${new Decimal128(src.subarray(start, start + 16)).toString()})`
    case 127:
      return 'maxKey'
    case 255:
      return 'minKey'
    default:
      throw new Unreadable(`type ${type}`)
  }
}

function numberText(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number)
}

function readString(place: Place): string {
  const { src } = place
  const length = src.readInt32LE(place.at)
  const from = place.at + 4
  place.at = from + length
  return decode(src.subarray(from, from + length - 1))
}

function readCstring(place: Place): string {
  const end = place.src.indexOf(0, place.at)
  const bytes = place.src.subarray(place.at, end)
  place.at = end + 1
  return decode(bytes)
}

/** Keys of an array are noise: its order counts. */
function skipCstring(place: Place): string {
  place.at = place.src.indexOf(0, place.at) + 1
  return String(place.at)
}

function decode(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch (cause) {
    throw new Unreadable('no UTF-8', { cause })
  }
}

function readBinary(place: Place): string {
  const { src } = place
  const length = src.readInt32LE(place.at)
  const subtype = src[place.at + 4] as number
  let from = place.at + 5
  const end = from + length
  place.at = end
  if (subtype === 2) {
    if (src.readInt32LE(from) !== length - 4) throw new Unreadable('old binary of two lengths')
    from += 4
  }
  return `binary(${subtype},${src.toString('base64', from, end)})`
}
