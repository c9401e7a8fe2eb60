import type { Document } from 'bson'
import { isDocument, typeOf } from '../bson/value-type.ts'
import { locationError } from '../server-error.ts'
import { compileExpression, type Evaluate, type ExpressionEnvironment, type Scope } from './expression.ts'
import { parseAddedFields, parseProjection } from './parse-projection.ts'
import {
  excludeFields,
  includeFields,
  type ProjectionFields,
  placeNode,
  setFields,
} from './projection-tree.ts'

/** Makes one document of another; `scope.root` is that same document. */
export type DocumentTransform = (document: Document, scope: Scope) => Document

const COMPILERS: Readonly<Record<string, (spec: unknown, env: ExpressionEnvironment) => DocumentTransform>> =
  {
    $addFields: (spec, env) => addFields('$addFields', spec, env),
    $set: (spec, env) => addFields('$set', spec, env),
    $project: project,
    $unset: (spec) => unset(spec),
    $replaceRoot: (spec, env) => {
      if (!isDocument(spec))
        throw locationError(
          40229,
          `expected an object as specification for $replaceRoot stage, got ${typeOf(spec)}`,
        )
      if (!('newRoot' in spec)) throw locationError(40231, 'no newRoot specified for the $replaceRoot stage')
      return replaceRoot("'newRoot' expression", compileExpression(spec.newRoot, env))
    },
    $replaceWith: (spec, env) => replaceRoot("'replacement document'", compileExpression(spec, env)),
  }

/** Whether a stage makes one document of each document: such stages may stand in an update. */
export function isTransform(name: string): boolean {
  return Object.hasOwn(COMPILERS, name)
}

/** Compiles a stage for which {@link isTransform} holds. */
export function compileTransform(name: string, spec: unknown, env: ExpressionEnvironment): DocumentTransform {
  const compiler = COMPILERS[name]
  if (compiler === undefined) throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`)
  return compiler(spec, env)
}

function addFields(name: string, spec: unknown, env: ExpressionEnvironment): DocumentTransform {
  if (!isDocument(spec))
    throw locationError(40272, `${name} specification stage must be an object, got ${typeOf(spec)}`)
  const fields = parseAddedFields(spec, env)
  return (document, scope) => setFields(document, fields, scope)
}

function project(spec: unknown, env: ExpressionEnvironment): DocumentTransform {
  if (!isDocument(spec)) throw locationError(15969, '$project specification must be an object')
  if (Object.keys(spec).length === 0) throw locationError(51272, '$project stage requires at least one field')
  const { mode, fields } = parseProjection(spec, env)
  return mode === 'inclusion'
    ? (document, scope) => includeFields(document, fields, scope)
    : (document, scope) => excludeFields(document, fields, scope)
}

function unset(spec: unknown): DocumentTransform {
  const fields: ProjectionFields = new Map()
  for (const path of Array.isArray(spec) ? spec : [spec]) {
    if (typeof path !== 'string')
      throw locationError(31002, '$unset specification must be a string or an array of strings')
    placeNode(fields, path, { kind: 'exclude' })
  }
  if (fields.size === 0)
    throw locationError(31119, '$unset specification must be a string or an array with at least one field')
  return (document, scope) => excludeFields(document, fields, scope)
}

function replaceRoot(what: string, evaluate: Evaluate): DocumentTransform {
  return (_document, scope) => {
    const root = evaluate(scope)
    if (isDocument(root)) return root
    throw locationError(
      40228,
      `${what} must evaluate to an object, but resulting value was of type: ${typeOf(root)}`,
    )
  }
}
