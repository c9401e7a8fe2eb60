import type { CompiledChild, CompiledField, PathNode } from './compiled-table.ts'
import { MappingError } from './mapping-error.ts'
import { isAtOrUnder, joinPath, splitPath } from './path.ts'
import type { RestShape } from './types.ts'

/** The tree of all paths that a table's definition names. Refuses paths that contradict each other. */
export function buildTree(
  fields: CompiledField[],
  children: CompiledChild[],
  dropped: string[],
  derived: string[],
  table: string,
): PathNode {
  const root: PathNode = { path: '', members: new Map() }
  const fault = (path: string, what: string) =>
    new MappingError('mapping-invalid', `table "${table}", path "${path}": ${what}`)
  const place = (segments: string[]): PathNode => {
    const node = nodeAt(root, segments)
    if (node.field ?? node.child ?? node.dropped ?? node.derived)
      throw fault(node.path, 'it is declared twice')
    return node
  }
  for (const field of fields) if (field.path !== '') place(field.segments).field = field
  for (const child of children) place(child.segments).child = child
  for (const path of dropped) place(splitPath(path)).dropped = true
  for (const path of derived) place(splitPath(path)).derived = true
  for (const node of nodesUnder(root)) {
    if (node.members.size === 0) continue
    if (node.child ?? node.dropped ?? node.derived)
      throw fault(node.path, 'paths under it cannot be declared')
    if (node.field === undefined) continue
    if (node.field.codec.kind !== 'json') {
      throw fault(
        node.path,
        `it is a value (column "${node.field.columns[0]?.name}") and paths under it are declared too`,
      )
    }
    if (node.field.empty === 'null')
      throw fault(node.path, "paths under it are declared too, so it cannot be empty: 'null'")
    node.field.holdsRest = true
  }
  return root
}

/** The nodes that hold others, deepest first, so that a container is looked at after what lies in it. */
export function containersOf(root: PathNode): { path: string; segments: string[] }[] {
  return nodesUnder(root)
    .filter((node) => node.members.size > 0)
    .map(({ path }) => ({ path, segments: splitPath(path) }))
    .reverse()
}

/** The fields that hold the rest of a container, with the columns of what is mapped apart from it. */
export function restsOf(fields: CompiledField[]): RestShape[] | undefined {
  const rests = fields
    .filter((field) => field.holdsRest)
    .map(({ path, columns }) => ({
      column: columns[0]?.name ?? '',
      path,
      beside: fields
        .filter((field) => field.path !== path && isAtOrUnder(field.path, path))
        .flatMap((field) => field.columns.map((column) => column.name)),
    }))
  return rests.length === 0 ? undefined : rests
}

/** The node that owns a path: itself or its nearest ancestor, and the segments left below it. */
export function resolve(root: PathNode, segments: readonly string[]): { node: PathNode; rest: string[] } {
  let node = root
  for (const [i, segment] of segments.entries()) {
    const next = node.members.get(segment)
    if (next === undefined) return { node, rest: segments.slice(i) }
    node = next
  }
  return { node, rest: [] }
}

function nodeAt(root: PathNode, segments: string[]): PathNode {
  let node = root
  for (const [i, segment] of segments.entries()) {
    let next = node.members.get(segment)
    if (next === undefined) {
      next = { path: joinPath(segments.slice(0, i + 1)), members: new Map() }
      node.members.set(segment, next)
    }
    node = next
  }
  return node
}

/** Every node below, parents before their members. */
export function nodesUnder(root: PathNode): PathNode[] {
  return [...root.members.values()].flatMap((node) => [node, ...nodesUnder(node)])
}
