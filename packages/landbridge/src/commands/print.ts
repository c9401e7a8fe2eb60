/** Lines for people. Data goes to stdout; progress (`progress.ts`) to stderr. */

export type Cell = string | number | null | undefined

/** A table with a header, columns as wide as they need to be. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [
    header,
    ...rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '-' : String(cell)))),
  ]
  const widths = header.map((_name, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)))
  return texts
    .map((row) =>
      row
        .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** One JSON document; numbers that JSON cannot hold exactly become text. */
export function json(value: unknown): string {
  return JSON.stringify(value, jsonValue, 2)
}

function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Error) return value.message
  return value
}

/** "3 documents", "1 document". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
