/*
 * What the BSON library would change silently while it reads. Such documents are refused as raw bytes instead:
 * invalid UTF-8 in a key or a regular expression becomes U+FFFD, of two equal keys the first vanishes, a date beyond
 * JavaScript's range becomes NaN, a DBPointer becomes a document, and the options of a regular expression are sorted.
 * Where a `$ref: "a.b"` of a DBRef would become `$db: "a", $ref: "b"`, the places are told, for they can be read.
 */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const MAX_DATE_MS = 8_640_000_000_000_000n
/** No server stores so many (180 is the usual limit); far more would overflow the stack on the way. */
const MAX_DEPTH = 1_000
const DOT = 0x2e

export interface BsonLoss {
  code: 'invalid-utf8' | 'bson-not-exact'
  message: string
}

/**
 * The first thing in these bytes that reading would lose; undefined where reading is exact, beside `$ref` keys whose
 * places are added to `dbRefs`.
 */
export function findBsonLoss(raw: Uint8Array, dbRefs: number[]): BsonLoss | undefined {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  return scan({ raw, view, dbRefs, depth: 0 }, 0, false)
}

interface Scanned {
  raw: Uint8Array
  view: DataView
  dbRefs: number[]
  /** How many levels of documents and arrays lie around the present one. */
  depth: number
}

function scan(scanned: Scanned, start: number, isArray: boolean): BsonLoss | undefined {
  if (scanned.depth === MAX_DEPTH) return notExact(`it has more than ${MAX_DEPTH} levels`)
  scanned.depth++
  const loss = scanMembers(scanned, start, isArray)
  scanned.depth--
  return loss
}

function scanMembers(scanned: Scanned, start: number, isArray: boolean): BsonLoss | undefined {
  const { raw, view, dbRefs } = scanned
  const end = start + view.getInt32(start, true) - 1
  const seen = isArray ? undefined : new Set<string>()
  let at = start + 4
  while (at < end) {
    const type = raw[at++] as number
    const keyEnd = raw.indexOf(0, at)
    if (seen !== undefined) {
      const key = keyOf(raw, at, keyEnd)
      if (key === undefined) return { code: 'invalid-utf8', message: 'a key is not valid UTF-8' }
      if (seen.has(key)) return notExact(`the key "${key}" stands twice in one document`)
      seen.add(key)
      if (type === 2 && key === '$ref' && isNamespace(raw, view, keyEnd + 1)) dbRefs.push(at)
    }
    at = keyEnd + 1
    const loss = valueLoss(scanned, type, at)
    if (loss !== undefined) return loss
    at = valueEnd(raw, view, type, at)
  }
  return undefined
}

function notExact(message: string): BsonLoss {
  return { code: 'bson-not-exact', message }
}

function valueLoss(scanned: Scanned, type: number, at: number): BsonLoss | undefined {
  const { raw, view } = scanned
  switch (type) {
    case 3:
    case 4:
      return scan(scanned, at, type === 4)
    case 9: {
      const ms = view.getBigInt64(at, true)
      return ms > MAX_DATE_MS || ms < -MAX_DATE_MS
        ? notExact(`the date of ${ms} ms is beyond the range of dates`)
        : undefined
    }
    case 11:
      return regexLoss(raw, at)
    case 12:
      return notExact('a DBPointer (deprecated BSON type) cannot be read exactly')
    case 15:
      // Its length, the code as a string, and the scope: a document.
      return scan(scanned, at + 8 + view.getInt32(at + 4, true), false)
    default:
      return undefined
  }
}

function regexLoss(raw: Uint8Array, at: number): BsonLoss | undefined {
  const patternEnd = raw.indexOf(0, at)
  const optionsEnd = raw.indexOf(0, patternEnd + 1)
  if (keyOf(raw, at, patternEnd) === undefined || keyOf(raw, patternEnd + 1, optionsEnd) === undefined)
    return { code: 'invalid-utf8', message: 'a regular expression is not valid UTF-8' }
  for (let i = patternEnd + 2; i < optionsEnd; i++) {
    if ((raw[i] as number) < (raw[i - 1] as number))
      return notExact('the options of a regular expression are not in alphabetical order')
  }
  return undefined
}

/** Whether the string there has two parts: the library takes `a.b` in a `$ref` for database and collection. */
function isNamespace(raw: Uint8Array, view: DataView, at: number): boolean {
  const end = at + 3 + view.getInt32(at, true)
  const dot = raw.indexOf(DOT, at + 4)
  if (dot < 0 || dot >= end) return false
  const second = raw.indexOf(DOT, dot + 1)
  return second < 0 || second >= end
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
