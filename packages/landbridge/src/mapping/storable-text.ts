import type { RefusalCode } from './types.ts'

/** Why Postgres cannot hold this text, in a text column or in jsonb; undefined where it can. */
export function textTrouble(text: string): Extract<RefusalCode, 'nul' | 'surrogate'> | undefined {
  if (text.includes('\0')) return 'nul'
  return text.isWellFormed() ? undefined : 'surrogate'
}

/** Whether Postgres can hold this text exactly. */
export function isStorableText(text: string): boolean {
  return textTrouble(text) === undefined
}
