import type { PathNode } from './compiled-table.ts'
import { compiledTableOf } from './define-mapping.ts'
import { MappingError } from './mapping-error.ts'
import { splitPath } from './path.ts'
import type { Mapping } from './types.ts'

/** What is read of a Mongoose schema. The engine does not import Mongoose: any object of this form will do. */
export interface SchemaLike {
  paths: Record<string, SchemaTypeLike>
}

export interface SchemaTypeLike {
  /** `String`, `Array`, `Embedded`, `Mixed`, `Map` ... */
  instance?: string
  /** The schema of a sub-document, or of an array's elements. */
  schema?: SchemaLike
}

/**
 * Law 2: the paths of a Mongoose schema that the mapping neither maps nor drops, array elements written as `[]`
 * (`items[].price`). None for a complete mapping.
 */
export function checkCompleteness(mapping: Mapping, schema: SchemaLike): string[] {
  return missingUnder(compiledTableOf(mapping).root, schema, '')
}

/** Throws a MappingError `mapping-path-missing` that names every forgotten path. */
export function assertComplete(mapping: Mapping, schema: SchemaLike): void {
  const missing = checkCompleteness(mapping, schema)
  if (missing.length === 0) return
  throw new MappingError(
    'mapping-path-missing',
    `the mapping of "${mapping.collection}" forgets ${missing.join(', ')}: map each, or drop it with a reason`,
  )
}

function missingUnder(root: PathNode, schema: SchemaLike, prefix: string): string[] {
  return Object.entries(schema.paths).flatMap(([path, type]) => {
    const node = find(root, splitPath(path))
    if (node === 'covered') return []
    if (node === undefined) return [prefix + path]
    return missingAt(node, type, prefix + path)
  })
}

function missingAt(node: PathNode, type: SchemaTypeLike, path: string): string[] {
  if (node.dropped || node.derived) return []
  if (node.child !== undefined) {
    if (type.schema === undefined || node.child.kind === 'values') return []
    return missingUnder(
      node.child.table.root,
      type.schema,
      node.child.kind === 'row' ? `${path}.` : `${path}[].`,
    )
  }
  // A json field holds whatever stands there.
  if (node.field !== undefined) return []
  // A container of mapped paths: an embedded schema may have others; Mixed and Map may hold anything.
  return type.schema === undefined ? [path] : missingUnder(node, type.schema, `${path}.`)
}

/** The node of a path; `covered` where something above it takes everything below. */
function find(root: PathNode, segments: string[]): PathNode | 'covered' | undefined {
  let node = root
  for (const segment of segments) {
    // An embedded document may be written without a schema of its own; its paths then stand in the parent's.
    const members = node.child?.kind === 'row' ? node.child.table.root.members : node.members
    const next = members.get(segment)
    if (next === undefined) return takesEverything(node) ? 'covered' : undefined
    node = next
  }
  return node
}

function takesEverything({ field, dropped, derived }: PathNode): boolean {
  return (
    dropped === true ||
    derived === true ||
    field?.codec.kind === 'json' ||
    field?.codec.kind.startsWith('array') === true
  )
}
