/*
 * A path is its segments joined by dots. A dot or backslash inside a key is escaped by a backslash, because legacy
 * documents hold keys like "a.b" that would else be read as two segments; so is a leading "$", which `extra` reserves
 * for its own entries. An empty key stands as `\e`.
 */

/** One key as a segment of a path. */
export function escapeSegment(key: string): string {
  if (key === '') return '\\e'
  return /^\$|[.\\]/.test(key) ? key.replace(/^\$|[.\\]/g, '\\$&') : key
}

/** The path of these keys; no keys give the empty path. */
export function joinPath(segments: readonly string[]): string {
  return segments.map(escapeSegment).join('.')
}

/** The keys of a path. */
export function splitPath(path: string): string[] {
  if (path === '') return []
  if (!path.includes('\\')) return path.split('.')
  const segments: string[] = []
  let segment = ''
  for (let i = 0; i < path.length; i++) {
    const char = path[i] as string
    if (char === '.') {
      segments.push(segment)
      segment = ''
    } else if (char === '\\') {
      i++
      segment += path[i] === 'e' ? '' : (path[i] ?? '')
    } else segment += char
  }
  segments.push(segment)
  return segments
}

/** `path` below `parent`; an empty parent is the root. */
export function below(parent: string, key: string): string {
  return parent === '' ? escapeSegment(key) : `${parent}.${escapeSegment(key)}`
}

/** Whether `path` is `ancestor` or lies under it. */
export function isAtOrUnder(path: string, ancestor: string): boolean {
  return ancestor === '' || path === ancestor || path.startsWith(`${ancestor}.`)
}
