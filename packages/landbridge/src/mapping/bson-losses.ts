/*
 * What the BSON library would change silently while it reads. Such documents are refused as raw bytes instead:
 * invalid UTF-8 in a key becomes U+FFFD, of two equal keys the first vanishes, a date beyond JavaScript's range
 * becomes NaN, and a DBPointer becomes a document.
 */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const MAX_DATE_MS = 8_640_000_000_000_000n

export interface BsonLoss {
  code: 'invalid-utf8' | 'bson-not-exact'
  message: string
}

/** The first thing in these bytes that reading would lose; undefined where reading is exact. */
export function findBsonLoss(raw: Uint8Array): BsonLoss | undefined {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  return scan(raw, view, 0, false)
}

function scan(raw: Uint8Array, view: DataView, start: number, isArray: boolean): BsonLoss | undefined {
  const end = start + view.getInt32(start, true) - 1
  const seen = isArray ? undefined : new Set<string>()
  let at = start + 4
  while (at < end) {
    const type = raw[at++] as number
    const keyEnd = raw.indexOf(0, at)
    if (seen !== undefined) {
      const key = keyOf(raw, at, keyEnd)
      if (key === undefined) return { code: 'invalid-utf8', message: 'a key is not valid UTF-8' }
      if (seen.has(key))
        return { code: 'bson-not-exact', message: `the key "${key}" stands twice in one document` }
      seen.add(key)
    }
    at = keyEnd + 1
    if (type === 12)
      return { code: 'bson-not-exact', message: 'a DBPointer (deprecated BSON type) cannot be read exactly' }
    if (type === 9) {
      const ms = view.getBigInt64(at, true)
      if (ms > MAX_DATE_MS || ms < -MAX_DATE_MS) {
        return { code: 'bson-not-exact', message: `the date of ${ms} ms is beyond the range of dates` }
      }
    }
    if (type === 3 || type === 4) {
      const loss = scan(raw, view, at, type === 4)
      if (loss !== undefined) return loss
    }
    at = valueEnd(raw, view, type, at)
  }
  return undefined
}

function keyOf(raw: Uint8Array, start: number, end: number): string | undefined {
  for (let i = start; i < end; i++) {
    if ((raw[i] as number) < 0x80) continue
    try {
      return strictUtf8.decode(raw.subarray(start, end))
    } catch {
      return undefined
    }
  }
  return Buffer.from(raw.buffer, raw.byteOffset + start, end - start).toString('latin1')
}

/** Where the value of this BSON type that begins at `at` ends. */
function valueEnd(raw: Uint8Array, view: DataView, type: number, at: number): number {
  switch (type) {
    case 1:
    case 9:
    case 17:
    case 18:
      return at + 8
    case 2:
    case 13:
    case 14:
      return at + 4 + view.getInt32(at, true)
    case 3:
    case 4:
    case 15:
      return at + view.getInt32(at, true)
    case 5:
      return at + 5 + view.getInt32(at, true)
    case 7:
      return at + 12
    case 8:
      return at + 1
    case 11:
      return raw.indexOf(0, raw.indexOf(0, at) + 1) + 1
    case 16:
      return at + 4
    case 19:
      return at + 16
    default:
      // 6 undefined, 10 null, 127 and 255 the keys of the ends: no bytes. The library has refused all others before.
      return at
  }
}
