import type { TableShape } from '../mapping/types.ts'
import { type CopiedRows, int32At } from './copied-rows.ts'
import { jsonbText } from './jsonb-text.ts'

/** How the cells of a column are compared. */
type CellRule = 'bytes' | 'numeric' | 'jsonb' | 'rank'

export function cellRulesOf(table: TableShape): CellRule[] {
  return table.columns.map(({ name, sqlType }) => {
    // A rank, not a number: the place among the rows says it.
    if (name === table.seq) return 'rank'
    if (sqlType.endsWith('[]')) return 'bytes'
    if (sqlType.startsWith('numeric')) return 'numeric'
    return sqlType === 'jsonb' ? 'jsonb' : 'bytes'
  })
}

/**
 * Whether the row that the encoder made is the one that Postgres holds. What it calls the same is the same; what it
 * calls different may be another spelling, and is looked at again as a whole.
 */
export function isSameRow(rules: readonly CellRule[], made: CopiedRows, held: CopiedRows): boolean {
  const { bytes: a } = made
  const { bytes: b } = held
  if (
    made.to - made.from === held.to - held.from &&
    a.compare(b, held.from, held.to, made.from, made.to) === 0
  )
    return true
  let [x, y] = [made.from + 2, held.from + 2]
  for (const rule of rules) {
    const [m, n] = [int32At(a, x), int32At(b, y)]
    x += 4
    y += 4
    const [p, q] = [x + Math.max(m, 0), y + Math.max(n, 0)]
    if (!isSameCell(rule, made.bytes, [x, p, m], held.bytes, [y, q, n])) return false
    x = p
    y = q
  }
  return true
}

type Cell = readonly [from: number, to: number, length: number]

function isSameCell(rule: CellRule, a: Buffer, made: Cell, b: Buffer, held: Cell): boolean {
  if (rule === 'rank') return true
  const [from, to, length] = made
  const [start, end, size] = held
  if (length < 0 || size < 0) return length === size
  if (length === size && isSameBytes(a, from, b, start, length)) return true
  if (rule === 'numeric') {
    // Groups, weight and sign, then the number of decimals shown, which the column decides, then the digits.
    return (
      length === size &&
      isSameBytes(a, from, b, start, 6) &&
      isSameBytes(a, from + 8, b, start + 8, length - 8)
    )
  }
  // Both begin with the version of the format.
  if (rule === 'jsonb')
    return jsonbText(a.toString('utf8', from + 1, to)) === b.toString('utf8', start + 1, end)
  return false
}

/** A loop, because most cells are short. */
function isSameBytes(a: Buffer, from: number, b: Buffer, start: number, length: number): boolean {
  if (length > 64) return a.compare(b, start, start + length, from, from + length) === 0
  for (let i = 0; i < length; i++) if (a[from + i] !== b[start + i]) return false
  return true
}
