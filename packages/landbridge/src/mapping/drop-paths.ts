import { bsonTypeOf, entriesOf, setMember } from './bson-value.ts'
import type { PathNode } from './compiled-table.ts'
import { nodesUnder } from './path-tree.ts'
import type { Document } from './types.ts'

/** Whether anything under this node, also inside of array elements, is dropped. */
export function dropsAnything(node: PathNode): boolean {
  return nodesUnder(node).some(
    ({ dropped, child }) => dropped === true || (child && dropsAnything(child.table.root)),
  )
}

/** The document without the dropped paths. */
export function withoutDropped(node: PathNode, value: unknown): Document {
  const kept: Document = {}
  for (const [key, member] of entriesOf(value)) {
    const at = node.members.get(key)
    if (at?.dropped) continue
    setMember(kept, key, at === undefined ? member : withoutDroppedBelow(at, member))
  }
  return kept
}

/** The value at a node without what is dropped inside of it. */
export function withoutDroppedBelow(node: PathNode, value: unknown): unknown {
  const type = bsonTypeOf(value)
  if (node.child === undefined)
    return type === 'document' && node.members.size > 0 ? withoutDropped(node, value) : value
  const inside = node.child.table.root
  // A value that is not of the child's kind is kept whole, in extra.
  if (node.child.kind === 'row') return type === 'document' ? withoutDropped(inside, value) : value
  if (node.child.kind !== 'rows' || type !== 'array') return value
  return (value as unknown[]).map((element) =>
    bsonTypeOf(element) === 'document' ? withoutDropped(inside, element) : element,
  )
}
