import type { Document } from 'bson'
import { ownField, setOwnField } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'
import { locationError } from '../server-error.ts'
import type { Evaluate, Scope } from './expression.ts'

/** What a projection does with one field. */
export type ProjectionNode =
  | { kind: 'include' }
  | { kind: 'exclude' }
  | { kind: 'computed'; evaluate: Evaluate }
  /** Keeps the field, changed: `$slice`, `$elemMatch` and the positional operator of `find`. */
  | { kind: 'changed'; change: (value: unknown, scope: Scope) => unknown }
  | { kind: 'fields'; fields: ProjectionFields }

export type ProjectionFields = Map<string, ProjectionNode>

/** Puts a node at a dotted path; two nodes on one path, or on a path and its parent, are an error. */
export function placeNode(fields: ProjectionFields, path: string, node: ProjectionNode): void {
  const segments = path.split('.')
  if (segments.includes('')) throw locationError(40353, `FieldPath '${path}' contains an empty field name`)
  if (segments.some((segment) => segment.startsWith('$'))) {
    throw locationError(16410, `FieldPath field names may not start with '$': '${path}'`)
  }
  let level = fields
  for (const segment of segments.slice(0, -1)) {
    const inner = level.get(segment) ?? { kind: 'fields', fields: new Map() }
    if (inner.kind !== 'fields') throw collision(path, segment)
    level.set(segment, inner)
    level = inner.fields
  }
  const name = segments.at(-1) ?? ''
  if (level.has(name)) throw collision(path, name)
  level.set(name, node)
}

/** Keeps only what the tree names; computed fields follow those of the document. */
export function includeFields(document: Document, fields: ProjectionFields, scope: Scope): Document {
  const result: Document = {}
  for (const [name, value] of Object.entries(document)) {
    const node = fields.get(name)
    const kept = node === undefined ? undefined : includeValue(value, node, scope)
    if (kept !== undefined) setOwnField(result, name, kept)
  }
  return addComputed(result, fields, scope)
}

function includeValue(value: unknown, node: ProjectionNode, scope: Scope): unknown {
  if (node.kind === 'include') return value
  if (node.kind === 'changed') return node.change(value, scope)
  if (node.kind !== 'fields') return undefined
  if (isDocument(value)) return includeFields(value, node.fields, scope)
  if (Array.isArray(value)) {
    return value
      .map((element) => includeValue(element, node, scope))
      .filter((element) => element !== undefined)
  }
  return hasComputed(node.fields) ? addComputed({}, node.fields, scope) : undefined
}

/** Adds the computed fields that the document does not show yet. */
function addComputed(result: Document, fields: ProjectionFields, scope: Scope): Document {
  for (const [name, node] of fields) {
    if (node.kind === 'computed') {
      const value = node.evaluate(scope)
      if (value !== undefined) setOwnField(result, name, value)
    } else if (node.kind === 'fields' && !Object.hasOwn(result, name) && hasComputed(node.fields)) {
      setOwnField(result, name, addComputed({}, node.fields, scope))
    }
  }
  return result
}

/** Keeps everything but what the tree excludes. */
export function excludeFields(document: Document, fields: ProjectionFields, scope: Scope): Document {
  const result: Document = {}
  for (const [name, value] of Object.entries(document)) {
    const node = fields.get(name)
    const kept = node === undefined ? value : excludeValue(value, node, scope)
    if (kept !== undefined) setOwnField(result, name, kept)
  }
  return result
}

function excludeValue(value: unknown, node: ProjectionNode, scope: Scope): unknown {
  if (node.kind === 'exclude') return undefined
  if (node.kind === 'changed') return node.change(value, scope)
  if (node.kind !== 'fields') return value
  if (isDocument(value)) return excludeFields(value, node.fields, scope)
  return Array.isArray(value) ? value.map((element) => excludeValue(element, node, scope)) : value
}

/** Adds or replaces computed fields; a result without value removes the field. */
export function setFields(document: Document, fields: ProjectionFields, scope: Scope): Document {
  const result = { ...document }
  for (const [name, node] of fields) {
    const value =
      node.kind === 'computed' ? node.evaluate(scope) : setInner(ownField(document, name), node, scope)
    if (value === undefined) delete result[name]
    else setOwnField(result, name, value)
  }
  return result
}

function setInner(value: unknown, node: ProjectionNode, scope: Scope): unknown {
  if (node.kind !== 'fields') return value
  if (Array.isArray(value)) return value.map((element) => setInner(element, node, scope))
  return setFields(isDocument(value) ? value : {}, node.fields, scope)
}

function hasComputed(fields: ProjectionFields): boolean {
  return [...fields.values()].some(
    (node) => node.kind === 'computed' || (node.kind === 'fields' && hasComputed(node.fields)),
  )
}

function collision(path: string, at: string): Error {
  return locationError(31249, `Path collision at ${path} remaining portion ${at}`)
}
