import { bsonTypeOf, entriesOf, getMember, MISSING, setMember } from '../mapping/bson-value.ts'
import { canonicalEquals } from '../mapping/canonical-form.ts'
import type { PathNode } from '../mapping/compiled-table.ts'
import { compiledTableOf } from '../mapping/define-mapping.ts'
import { below } from '../mapping/path.ts'
import type { Document, Mapping } from '../mapping/types.ts'

/** What turns the document that MongoDB holds into the wanted one. */
export type DocumentChange =
  | { kind: 'none' }
  | { kind: 'update'; update: { $set?: Document; $unset?: Document } }
  | { kind: 'replace'; document: Document }

/** Tells dropped paths; a path through an array leaves the index out (`items.score`). */
export interface DroppedPaths {
  at(path: string): boolean
  under(path: string): boolean
}

export function droppedPaths(paths: readonly string[]): DroppedPaths {
  const exact = new Set(paths)
  return {
    at: (path) => exact.has(path),
    under: (path) => paths.some((dropped) => dropped.startsWith(`${path}.`)),
  }
}

/** The mapping's dropped paths, also those inside of its children. */
export function droppedPathsOf(mapping: Mapping): DroppedPaths {
  return droppedPaths(collectDropped(compiledTableOf(mapping).root, ''))
}

/** The dropped paths inside of one element of a child, by the element's own paths. */
export function droppedPathsInside(mapping: Mapping, childPath: string): DroppedPaths {
  const child = compiledTableOf(mapping).children.find(({ path }) => path === childPath)
  return droppedPaths(child === undefined ? [] : collectDropped(child.table.root, ''))
}

function collectDropped(node: PathNode, path: string): string[] {
  return [...node.members].flatMap(([key, member]) => {
    const here = below(path, key)
    if (member.dropped === true) return [here]
    const inside = member.child?.table.root
    return [...collectDropped(member, here), ...(inside === undefined ? [] : collectDropped(inside, here))]
  })
}

/**
 * Compares in canonical form and answers the smallest `$set` and `$unset`. Dropped paths stay as MongoDB holds them:
 * Postgres does not know them. Keys that no update path can name (dots, a leading `$`, empty) are set with what
 * holds them, in the last resort with the whole document.
 */
export function documentChange(current: Document, wanted: Document, dropped: DroppedPaths): DocumentChange {
  const set: Document = {}
  const unset: Document = {}
  if (!collectChanges(current, wanted, '', dropped, set, unset)) {
    return { kind: 'replace', document: withDropped(wanted, current, '', dropped) as Document }
  }
  const update = {
    ...(Object.keys(set).length > 0 ? { $set: set } : {}),
    ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}),
  }
  return Object.keys(update).length === 0 ? { kind: 'none' } : { kind: 'update', update }
}

/** The wanted value with what only MongoDB knows. Array elements are matched by `_id`, those without one by place. */
export function withDropped(wanted: unknown, current: unknown, path: string, dropped: DroppedPaths): unknown {
  if (path !== '' && !dropped.under(path)) return wanted
  if (isArray(wanted)) {
    const elements = isArray(current) ? current : []
    return wanted.map((element, i) => withDropped(element, counterpart(element, i, elements), path, dropped))
  }
  if (!isDocument(wanted)) return wanted
  const known = isDocument(current) ? current : {}
  const whole: Document = {}
  for (const [key, value] of entriesOf(wanted)) {
    setMember(whole, key, withDropped(value, getMember(known, key), below(path, key), dropped))
  }
  for (const [key, value] of entriesOf(known)) {
    const here = below(path, key)
    if (Object.hasOwn(whole, key)) continue
    if (dropped.at(here)) setMember(whole, key, value)
    else if (dropped.under(here) && isDocument(value))
      keepIfAny(whole, key, withDropped({}, value, here, dropped))
  }
  return whole
}

/** Answers false where a difference cannot be named by update paths at this level. */
function collectChanges(
  current: Document,
  wanted: Document,
  path: string,
  dropped: DroppedPaths,
  set: Document,
  unset: Document,
): boolean {
  for (const key of new Set([...keysOf(current), ...keysOf(wanted)])) {
    const here = below(path, key)
    if (here === '_id' || dropped.at(here)) continue
    const [from, to] = [getMember(current, key), getMember(wanted, key)]
    const whole = to === MISSING ? onlyDropped(from, here, dropped) : withDropped(to, from, here, dropped)
    if (whole === MISSING ? from === MISSING : from !== MISSING && canonicalEquals(from, whole)) continue
    if (!isNameable(key)) return false
    if (isDocument(from) && isDocument(whole)) {
      const [deeperSet, deeperUnset]: [Document, Document] = [{}, {}]
      if (collectChanges(from, whole, here, dropped, deeperSet, deeperUnset)) {
        Object.assign(set, deeperSet)
        Object.assign(unset, deeperUnset)
        continue
      }
    }
    if (whole === MISSING) unset[here] = ''
    else set[here] = whole
  }
  return true
}

/** What stays of a value that Postgres no longer has: its dropped members, if any. */
function onlyDropped(from: unknown, path: string, dropped: DroppedPaths): unknown {
  if (!isDocument(from) || !dropped.under(path)) return MISSING
  const rest = withDropped({}, from, path, dropped) as Document
  return Object.keys(rest).length === 0 ? MISSING : rest
}

function keepIfAny(target: Document, key: string, rest: unknown): void {
  if (Object.keys(rest as Document).length > 0) setMember(target, key, rest)
}

function counterpart(element: unknown, place: number, elements: unknown[]): unknown {
  const id = isDocument(element) ? getMember(element, '_id') : MISSING
  if (id === MISSING) return elements[place]
  return elements.find((other) => isDocument(other) && canonicalEquals(getMember(other, '_id'), id))
}

/** A key that a path of `$set` can name as it is. */
function isNameable(key: string): boolean {
  return (
    key !== '' &&
    key !== '__proto__' &&
    !key.includes('.') &&
    !key.includes('\\') &&
    !key.startsWith('$') &&
    !key.includes('\0')
  )
}

function keysOf(document: Document): string[] {
  return entriesOf(document).map(([key]) => key)
}

function isDocument(value: unknown): value is Document {
  return value !== MISSING && bsonTypeOf(value) === 'document'
}

function isArray(value: unknown): value is unknown[] {
  return Array.isArray(value)
}
