import { bsonTypeOf, setMember } from './bson-value.ts'
import type { CompiledTable } from './compiled-table.ts'
import { keepValue } from './kept-value.ts'
import { isStorableText } from './storable-text.ts'
import type { Json, KeptValue, PgValue, RefusalCode, Row } from './types.ts'
import { ValueRefusal } from './value-refusal.ts'

/** Stands in `$form` for a path that the document lacks although the row's default would show it. */
export const MISSING_FORM: Json = { $missing: true }

/** One row in the making, with what its `extra` column will hold. */
export interface RowDraft {
  table: CompiledTable
  row: Row
  /** Full path of the element, with a trailing dot; empty for the root. */
  prefix: string
  /** Ordinals (or, in a growing child, ids) of the `rows` elements that this one stands in, itself included. */
  chain: (number | string)[]
  kept: Record<string, Json>
  forms: Record<string, Json>
}

export function startDraft(table: CompiledTable, prefix: string, chain: (number | string)[]): RowDraft {
  const row: Row = {}
  for (const column of table.shape.columns) row[column.name] = null
  return { table, row, prefix, chain, kept: {}, forms: {} }
}

/** Keeps a value in `extra` that no column holds. */
export function keepAt(draft: RowDraft, path: string, value: unknown, reason: RefusalCode): KeptValue {
  const valueType = bsonTypeOf(value)
  const full = draft.prefix + path
  if (draft.table.extra === undefined) {
    throw new ValueRefusal(full, reason, 'its table has no column "extra" to keep the value in', valueType)
  }
  setMember(draft.kept, path, { reason, value: storable(full, path, value) })
  return { path: full, reason, valueType }
}

/** Keeps the exact BSON of a value whose column cannot give it back, beside what the column holds. */
export function keepForm(draft: RowDraft, path: string, value: unknown): void {
  keepFormJson(draft, path, storable(draft.prefix + path, path, value))
}

export function keepFormJson(draft: RowDraft, path: string, form: Json): void {
  if (draft.table.extra === undefined) {
    throw new ValueRefusal(
      draft.prefix + path,
      'type',
      'its table has no column "extra" to keep the form in',
      'form',
    )
  }
  setMember(draft.forms, path, form)
}

/** Closes the draft: NOT NULL columns have values, `extra` is in its column. */
export function finishDraft(draft: RowDraft): Row {
  const { table, row } = draft
  for (const field of table.fields) {
    for (const column of field.columns) {
      if (!column.notNull || row[column.name] !== null) continue
      throw new ValueRefusal(
        draft.prefix + field.path,
        'required',
        `column ${column.name} is NOT NULL`,
        'missing',
      )
    }
  }
  if (table.extra !== undefined) row[table.extra] = extraOf(draft)
  return row
}

function extraOf({ kept, forms }: RowDraft): PgValue {
  const hasForms = Object.keys(forms).length > 0
  if (!hasForms && Object.keys(kept).length === 0) return null
  return hasForms ? { ...kept, $form: forms } : kept
}

function storable(full: string, path: string, value: unknown): Json {
  const json = isStorableText(path) ? keepValue(value) : undefined
  if (json === undefined) {
    const reason = 'not even the column "extra" can hold it exactly'
    throw new ValueRefusal(full, 'unstorable', reason, bsonTypeOf(value), true)
  }
  return json
}
