import type { Document } from 'bson'
import { isIndex, ownField, setOwnField } from '../bson/path.ts'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { badValue, pathNotViable } from '../server-error.ts'

/** MongoDB's bound on how far beyond its end an array may be filled with nulls. */
const LARGEST_PADDING = 1_500_000

/** One place in a document that an operator reads and writes. */
export interface Location {
  readonly path: string
  /** The value there now; undefined if there is none. */
  read(): unknown
  /** Writes the value, making the documents on the way. PathNotViable if a value that is no document is in the way. */
  write(value: unknown): void
  /** Removes the field; an array element becomes null, for its neighbours keep their positions. */
  remove(): void
  /** Whether the path leads through an array. */
  readonly insideArray: boolean
}

/** Containers that nobody else sees, so that they may be changed in place. */
export type OwnContainers = WeakSet<object>

/**
 * The place that a resolved path names; the document is changed in place. Documents and arrays on the way that are not
 * among its own are shared with another one: they are copied before a change. Without `own`, all are its own.
 */
export function locate(document: Document, segments: readonly string[], own?: OwnContainers): Location {
  const path = segments.join('.')
  const name = segments.at(-1) ?? ''
  const parents = segments.slice(0, -1)
  return {
    path,
    read: () => childOf(existingParent(document, parents), name),
    write: (value) => writeChild(createdParent(document, parents, name, own), name, value, path),
    remove: () => removeChild(ownParent(document, parents, own), name),
    insideArray: passesArray(document, parents),
  }
}

function existingParent(document: Document, parents: readonly string[]): unknown {
  return parents.reduce<unknown>((value, name) => childOf(value, name), document)
}

function ownParent(document: Document, parents: readonly string[], own: OwnContainers | undefined): unknown {
  return parents.reduce<unknown>((value, name) => ownChild(value, name, own), document)
}

/** The child, which is copied first if it is shared. The parent must be an own one. */
function ownChild(parent: unknown, name: string, own: OwnContainers | undefined): unknown {
  const child = childOf(parent, name)
  const isArray = Array.isArray(child)
  if (own === undefined || (!isArray && !isDocument(child)) || own.has(child)) return child
  const copy = isArray ? [...child] : { ...child }
  own.add(copy)
  if (Array.isArray(parent)) parent[Number(name)] = copy
  else setOwnField(parent as Document, name, copy)
  return copy
}

function passesArray(document: Document, parents: readonly string[]): boolean {
  let value: unknown = document
  for (const name of parents) {
    value = childOf(value, name)
    if (Array.isArray(value)) return true
  }
  return false
}

function createdParent(
  document: Document,
  parents: readonly string[],
  name: string,
  own: OwnContainers | undefined,
): unknown {
  let value: unknown = document
  for (const [at, segment] of parents.entries()) {
    let child = ownChild(value, segment, own)
    if (child === undefined) {
      child = {}
      own?.add(child as Document)
      writeChild(value, segment, child, parents.slice(0, at + 1).join('.'))
    }
    if (!isDocument(child) && !Array.isArray(child)) {
      const field = parents[at + 1] ?? name
      throw pathNotViable(`Cannot create field '${field}' in element {${segment}: ${describe(child)}}`)
    }
    value = child
  }
  return value
}

function childOf(parent: unknown, name: string): unknown {
  if (Array.isArray(parent)) return isIndex(name) ? parent[Number(name)] : undefined
  return isDocument(parent) ? ownField(parent, name) : undefined
}

function writeChild(parent: unknown, name: string, value: unknown, path: string): void {
  if (!Array.isArray(parent)) {
    setOwnField(parent as Document, name, value)
    return
  }
  if (!isIndex(name))
    throw pathNotViable(`Cannot create field '${name}' in element {${path}: ${describe(parent)}}`)
  const index = Number(name)
  if (index - parent.length > LARGEST_PADDING) {
    throw badValue(`can't backfill more than ${LARGEST_PADDING} elements`)
  }
  while (parent.length < index) parent.push(null)
  parent[index] = value
}

function removeChild(parent: unknown, name: string): void {
  if (Array.isArray(parent)) {
    if (isIndex(name) && Number(name) < parent.length) parent[Number(name)] = null
  } else if (isDocument(parent)) {
    delete parent[name]
  }
}

function describe(value: unknown): string {
  return Array.isArray(value) ? `[ ${value.length} elements ]` : `${String(value)} (${typeOf(value)})`
}
