import { bsonTypeOf, entriesOf, getMember, MISSING, setMember } from './bson-value.ts'
import { canonicalEquals } from './canonical-form.ts'
import type { LeafForm } from './codecs/codec.ts'
import { decodeJson, encodeJson, type TypesNode, typesBelow } from './natural-json.ts'
import { jsonEquals } from './pg-value.ts'
import type { Json } from './types.ts'

/** The places of a value that its JSON does not give back exactly: a Long, a date nobody declared, -0. */
export function jsonForms(value: unknown, types: TypesNode | undefined): LeafForm[] {
  const forms: LeafForm[] = []
  collect(value, types, [], forms)
  return forms
}

/**
 * Puts a form back into `decoded`, which was read from `cell`. A form whose place now holds other JSON is stale (the
 * application changed the row) and stays out; the answer is false then.
 */
export function applyJsonForm(decoded: unknown, cell: Json, form: LeafForm): boolean {
  const present = at(cell, form.path)
  const encoded = encodeJson(form.value)
  if (present === MISSING || 'refused' in encoded || !jsonEquals(present, encoded.json)) return false
  const key = form.path.at(-1)
  const holder = at(decoded, form.path.slice(0, -1))
  if (key === undefined || holder === MISSING) return false
  if (Array.isArray(holder)) holder[Number(key)] = form.value
  else setMember(holder as Record<string, unknown>, key, form.value)
  return true
}

function collect(value: unknown, types: TypesNode | undefined, path: string[], forms: LeafForm[]): void {
  const type = bsonTypeOf(value)
  if (type === 'array') {
    for (const [i, element] of (value as unknown[]).entries()) {
      collect(element, typesBelow(types, String(i)), [...path, String(i)], forms)
    }
  } else if (type === 'document') {
    for (const [key, member] of entriesOf(value))
      collect(member, typesBelow(types, key), [...path, key], forms)
  } else {
    const encoded = encodeJson(value)
    if ('refused' in encoded || !canonicalEquals(decodeJson(encoded.json, types), value))
      forms.push({ path, value })
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return MISSING
    here = getMember(here as Record<string, unknown>, key)
    if (here === MISSING) return MISSING
  }
  return here
}
