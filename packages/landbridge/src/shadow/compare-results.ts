/** Where two results of the same read differ. */
export interface ResultDifference {
  path: string
  authority: unknown
  other: unknown
}

const mostDifferences = 20

/**
 * Compares what two stores answered to one read, as the application sees it: dates by instant, byte arrays by content,
 * `undefined` members like absent ones, lists in order.
 */
export function compareResults(authority: unknown, other: unknown): ResultDifference[] {
  const found: ResultDifference[] = []
  compare('', authority, other, found)
  return found
}

function compare(path: string, left: unknown, right: unknown, found: ResultDifference[]): void {
  if (found.length >= mostDifferences || Object.is(left, right)) return
  if (left instanceof Date && right instanceof Date && left.getTime() === right.getTime()) return
  if (left instanceof Uint8Array && right instanceof Uint8Array && Buffer.compare(left, right) === 0) return
  if (left instanceof Map && right instanceof Map) {
    compare(path, Object.fromEntries(left), Object.fromEntries(right), found)
    return
  }
  if (Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    for (const [index, element] of left.entries()) compare(`${path}[${index}]`, element, right[index], found)
    return
  }
  if (isRecord(left) && isRecord(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      compare(path === '' ? key : `${path}.${key}`, left[key], right[key], found)
    }
    return
  }
  found.push({ path, authority: left, other: right })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  return (
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Map)
  )
}
