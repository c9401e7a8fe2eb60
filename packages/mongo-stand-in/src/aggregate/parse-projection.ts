import type { Document } from 'bson'
import { isTrue } from '../bson/truth.ts'
import { isDocument, isNumber } from '../bson/value-type.ts'
import { locationError } from '../server-error.ts'
import { compileExpression, type ExpressionEnvironment } from './expression.ts'
import { type ProjectionFields, type ProjectionNode, placeNode } from './projection-tree.ts'

export interface Projection {
  mode: 'inclusion' | 'exclusion'
  fields: ProjectionFields
}

/** Reads operators that only one kind of projection has; undefined if the value is none of them. */
export type SpecialOperator = (
  path: string,
  value: unknown,
) => { path: string; node: ProjectionNode; including: boolean } | undefined

/** Reads the specification of `$project` or of a `find` projection, and decides whether it includes or excludes. */
export function parseProjection(
  spec: Document,
  env: ExpressionEnvironment,
  special: SpecialOperator = () => undefined,
): Projection {
  const fields: ProjectionFields = new Map()
  const state: ParseState = { env, special, fields, mode: undefined }
  for (const [path, value] of Object.entries(spec)) parseField(path, value, state)
  const id = fields.get('_id')
  const mode = state.mode ?? (id !== undefined && id.kind !== 'exclude' ? 'inclusion' : 'exclusion')
  if (mode === 'inclusion') {
    if (id === undefined) fields.set('_id', { kind: 'include' })
    if (id?.kind === 'exclude') fields.delete('_id')
  } else if (id?.kind === 'include') {
    fields.delete('_id')
  }
  return { mode, fields }
}

interface ParseState {
  env: ExpressionEnvironment
  special: SpecialOperator
  fields: ProjectionFields
  mode: Projection['mode'] | undefined
}

function parseField(path: string, value: unknown, state: ParseState): void {
  const operator = state.special(path, value)
  if (operator !== undefined) {
    if (operator.including) decide(operator.path, 'inclusion', state)
    placeNode(state.fields, operator.path, operator.node)
  } else if (typeof value === 'boolean' || isNumber(value)) {
    const include = isTrue(value)
    if (path !== '_id') decide(path, include ? 'inclusion' : 'exclusion', state)
    placeNode(state.fields, path, { kind: include ? 'include' : 'exclude' })
  } else if (isDocument(value) && !isExpression(value)) {
    const inner = Object.entries(value)
    if (inner.length === 0)
      throw locationError(
        51270,
        `An empty sub-projection is not a valid value. Found empty object at path: ${path}`,
      )
    for (const [name, nested] of inner) parseField(`${path}.${name}`, nested, state)
  } else {
    if (path !== '_id') decide(path, 'inclusion', state)
    placeNode(state.fields, path, { kind: 'computed', evaluate: compileExpression(value, state.env) })
  }
}

function decide(path: string, mode: Projection['mode'], state: ParseState): void {
  state.mode ??= mode
  if (state.mode === mode) return
  throw mode === 'inclusion'
    ? locationError(31253, `Cannot do inclusion on field ${path} in exclusion projection`)
    : locationError(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
}

/** Reads `$addFields`: every value is an expression, a document without operator is a path that goes on. */
export function parseAddedFields(spec: Document, env: ExpressionEnvironment): ProjectionFields {
  const fields: ProjectionFields = new Map()
  addFields('', spec, env, fields)
  return fields
}

function addFields(
  prefix: string,
  spec: Document,
  env: ExpressionEnvironment,
  fields: ProjectionFields,
): void {
  for (const [name, value] of Object.entries(spec)) {
    const path = prefix + name
    if (isDocument(value) && !isExpression(value) && Object.keys(value).length > 0) {
      addFields(`${path}.`, value, env, fields)
    } else {
      placeNode(fields, path, { kind: 'computed', evaluate: compileExpression(value, env) })
    }
  }
}

function isExpression(value: Document): boolean {
  return Object.keys(value)[0]?.startsWith('$') === true
}
