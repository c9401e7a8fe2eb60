/*
 * Paths that are computed from the rest of the document. A stored value that differs from the computed one is kept
 * together with what was computed beside it: it comes back as long as the computation still gives that, so a later
 * change of the rows makes it stale.
 */
import { bsonTypeOf, getMember, MISSING, setMember } from './bson-value.ts'
import { canonicalEquals } from './canonical-form.ts'
import { keepValue, restoreValue } from './kept-value.ts'
import { splitPath } from './path.ts'
import { keepFormJson, MISSING_FORM, type RowDraft } from './row-draft.ts'
import type { Document, Json } from './types.ts'
import { ValueRefusal } from './value-refusal.ts'

export type Derivations = [path: string, compute: (document: Document) => unknown][]

/** Keeps what the stored values of derived paths have of their own. */
export function keepDerived(derivations: Derivations, document: Document, draft: RowDraft): void {
  for (const [path, compute] of derivations) {
    const stored = at(document, splitPath(path))
    const computed = compute(document) ?? MISSING
    if (same(stored, computed)) continue
    keepFormJson(draft, path, { $derived: toJson(path, computed), $stored: toJson(path, stored) })
  }
}

/** Computes the derived paths of a rebuilt document. */
export function restoreDerived(derivations: Derivations, document: Document, forms: Map<string, Json>): void {
  for (const [path, compute] of derivations) {
    const computed = compute(document) ?? MISSING
    const form = forms.get(path) as { $derived: Json; $stored: Json } | undefined
    const isFresh = form !== undefined && same(fromJson(form.$derived), computed)
    put(document, splitPath(path), isFresh ? fromJson(form.$stored) : computed)
  }
}

function same(a: unknown, b: unknown): boolean {
  return a === MISSING || b === MISSING ? a === b : canonicalEquals(a, b)
}

function toJson(path: string, value: unknown): Json {
  const json = value === MISSING ? MISSING_FORM : keepValue(value)
  if (json === undefined)
    throw new ValueRefusal(path, 'unstorable', 'extra cannot hold it exactly', bsonTypeOf(value), true)
  return json
}

function fromJson(json: Json): unknown {
  return json !== null && typeof json === 'object' && '$missing' in json ? MISSING : restoreValue(json)
}

function at(document: Document, segments: string[]): unknown {
  let here: unknown = document
  for (const segment of segments) {
    if (here === MISSING || bsonTypeOf(here) !== 'document') return MISSING
    here = getMember(here as Document, segment)
  }
  return here
}

function put(document: Document, segments: string[], value: unknown): void {
  const last = segments.pop()
  if (value === MISSING || last === undefined) return
  let here = document
  for (const segment of segments) {
    const next = getMember(here, segment)
    if (next === MISSING || bsonTypeOf(next) !== 'document') setMember(here, segment, {})
    here = here[segment] as Document
  }
  setMember(here, last, value)
}
