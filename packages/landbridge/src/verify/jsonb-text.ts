/**
 * JSON text as Postgres writes a jsonb value: keys by length and then by bytes, the last of equal keys alone, a blank
 * behind each comma and colon. Undefined where it takes more than that to know (numbers with an exponent, and -0), so that
 * nobody takes different values for the same.
 */
export function jsonbText(json: string): string | undefined {
  const reader = { text: json, at: 0 }
  const written = value(reader)
  return reader.at === json.length ? written : undefined
}

interface Reader {
  text: string
  at: number
}

function value(reader: Reader): string | undefined {
  switch (reader.text.charCodeAt(reader.at)) {
    case 123:
      return object(reader)
    case 91:
      return array(reader)
    case 34:
      return string(reader)
    default:
      return scalar(reader)
  }
}

function object(reader: Reader): string | undefined {
  const members = new Map<string, string>()
  reader.at++
  if (reader.text.charCodeAt(reader.at) === 125) {
    reader.at++
    return '{}'
  }
  for (;;) {
    const key = string(reader)
    if (key === undefined || reader.text.charCodeAt(reader.at++) !== 58) return undefined
    const member = value(reader)
    if (member === undefined) return undefined
    members.set(key, member)
    const next = reader.text.charCodeAt(reader.at++)
    if (next === 125) break
    if (next !== 44) return undefined
  }
  const sorted = members.size === 1 ? [...members] : [...members].sort(([a], [b]) => compareKeys(a, b))
  return `{${sorted.map(([key, member]) => `${key}: ${member}`).join(', ')}}`
}

function array(reader: Reader): string | undefined {
  const items: string[] = []
  reader.at++
  if (reader.text.charCodeAt(reader.at) === 93) {
    reader.at++
    return '[]'
  }
  for (;;) {
    const item = value(reader)
    if (item === undefined) return undefined
    items.push(item)
    const next = reader.text.charCodeAt(reader.at++)
    if (next === 93) return `[${items.join(', ')}]`
    if (next !== 44) return undefined
  }
}

/** With its quotes. JSON.stringify escapes as Postgres does, so the spelling stays. */
function string(reader: Reader): string | undefined {
  const { text } = reader
  const from = reader.at
  if (text.charCodeAt(from) !== 34) return undefined
  let at = from
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at < 0) return undefined
    let before = at
    while (text.charCodeAt(before - 1) === 92) before--
    if ((at - before) % 2 === 0) break
  }
  reader.at = at + 1
  return text.slice(from, reader.at)
}

const plainScalar = /(?:true|false|null|-?\d+(?:\.\d+)?)(?=[,\]}]|$)/y

function scalar(reader: Reader): string | undefined {
  plainScalar.lastIndex = reader.at
  const found = plainScalar.exec(reader.text)?.[0]
  if (found === undefined) return undefined
  reader.at += found.length
  // A numeric knows no negative zero, and nobody shall take it for the positive one.
  return /^-0(\.0*)?$/.test(found) ? undefined : found
}

/** By the bytes of the key itself: escapes are undone first. */
function compareKeys(a: string, b: string): number {
  const [x, y] = [keyBytes(a), keyBytes(b)]
  return x.length - y.length || x.compare(y)
}

function keyBytes(quoted: string): Buffer {
  return Buffer.from(quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1))
}
