import type { DirtRow } from './dirt-table/dirt-row.ts'
import { marketplaceRows } from './dirt-table/marketplace.ts'
import { moneyRows } from './dirt-table/money.ts'
import { peopleRows } from './dirt-table/people.ts'
import { talkRows } from './dirt-table/talk.ts'

export type { DirtOutcome, DirtRow } from './dirt-table/dirt-row.ts'

/**
 * Every kind of dirt that old collections have, and what becomes of it: written before the generator makes it and
 * before a mapping answers it. A test compares it with what happens.
 */
export const dirtTable: readonly DirtRow[] = [...peopleRows, ...marketplaceRows, ...moneyRows, ...talkRows]

/** The rows of one collection. */
export function dirtOf(collection: string): DirtRow[] {
  return dirtTable.filter((row) => row.collection === collection)
}
