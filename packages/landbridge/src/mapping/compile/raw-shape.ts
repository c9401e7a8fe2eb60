/*
 * Documents of one collection repeat their keys in the same order, level by level. A shape is such a sequence of keys;
 * shapes form a tree, in which each key leads on to the next. At its end a shape knows the order of its keys in
 * canonical form, so that no document pays for sorting what thousands before it had.
 */
import { isUtf8 } from 'node:buffer'
import type { PathNode } from '../compiled-table.ts'
import { rawKeyEnd } from './raw-bson.ts'

/** Keys that are data themselves (ids, days) make ever new shapes: those documents are sorted one by one. */
const MAX_NEXT = 100
const MAX_SHAPES = 20_000

export interface ShapeTree {
  start: Shape
  /** What of the documents is dropped; undefined where nothing can be. */
  node: PathNode | undefined
  /** Shapes that a mapping may still make. */
  budget: { left: number }
}

/** What stands after some keys. */
export interface Shape {
  /** The last of these keys, with the zero behind it. */
  key: Buffer
  /** The same as canonical text: in quotes, with the colon. */
  label: Buffer
  name: string
  isDropped: boolean
  /** How many keys there are. */
  depth: number
  before: Shape | undefined
  /** Where the last document went on. */
  likely: Shape | undefined
  next: Map<string, Shape>
  /** The shapes on the way here in canonical order of their keys; made when a document ends here. */
  sorted: Shape[] | undefined
  /** Shapes of the value itself, and of its elements. */
  document: ShapeTree | undefined
  element: ShapeTree | undefined
}

export function newShapeTree(node: PathNode | undefined, budget = { left: MAX_SHAPES }): ShapeTree {
  return { start: newShape(undefined, '', false), node, budget }
}

/** The shape with one more key, which begins at `at`; undefined for a key that the general way must judge. */
export function shapeAfter(tree: ShapeTree, shape: Shape, src: Buffer, at: number): Shape | undefined {
  const { likely } = shape
  if (likely !== undefined && isKeyAt(src, at, likely.key)) return likely
  const keyEnd = rawKeyEnd(src, at, src.length)
  if (keyEnd < 0 || !isUtf8(src.subarray(at, keyEnd))) return undefined
  const key = src.toString('utf8', at, keyEnd)
  const next = shape.next.get(key) ?? addShape(tree, shape, key)
  shape.likely = next
  return next
}

export function sortedShapes(shape: Shape): Shape[] {
  if (shape.sorted !== undefined) return shape.sorted
  const labels: [string, Shape][] = []
  for (let each = shape; each.before !== undefined; each = each.before) {
    if (!each.isDropped) labels.push([JSON.stringify(each.name), each])
  }
  labels.sort(([a], [b]) => (a < b ? -1 : 1))
  shape.sorted = labels.map(([, each]) => each)
  return shape.sorted
}

/** The shapes of a value that is a document. */
export function documentTree(tree: ShapeTree, shape: Shape): ShapeTree {
  if (shape.document === undefined) {
    const member = tree.node?.members.get(shape.name)
    const inside = member?.child?.kind === 'row' ? member.child.table.root : member
    const hasNode =
      inside !== undefined && inside.members.size > 0 && (member?.child?.kind ?? 'row') === 'row'
    shape.document = newShapeTree(hasNode ? inside : undefined, tree.budget)
  }
  return shape.document
}

/** The shapes of those elements of a value that are documents. */
export function elementTree(tree: ShapeTree, shape: Shape): ShapeTree {
  if (shape.element === undefined) {
    const child = tree.node?.members.get(shape.name)?.child
    shape.element = newShapeTree(child?.kind === 'rows' ? child.table.root : undefined, tree.budget)
  }
  return shape.element
}

function addShape(tree: ShapeTree, before: Shape, key: string): Shape | undefined {
  // The BSON library reads $ref as something else; of two equal keys it loses one.
  if (key === '$ref' || hasKey(before, key)) return undefined
  if (before.next.size >= MAX_NEXT || tree.budget.left <= 0) return undefined
  tree.budget.left--
  const shape = newShape(before, key, tree.node?.members.get(key)?.dropped === true)
  before.next.set(key, shape)
  return shape
}

function newShape(before: Shape | undefined, name: string, isDropped: boolean): Shape {
  return {
    key: Buffer.from(`${name}\0`),
    label: Buffer.from(`${JSON.stringify(name)}:`),
    name,
    isDropped,
    depth: before === undefined ? 0 : before.depth + 1,
    before,
    likely: undefined,
    next: new Map(),
    sorted: undefined,
    document: undefined,
    element: undefined,
  }
}

function hasKey(shape: Shape, key: string): boolean {
  for (let each = shape; each.before !== undefined; each = each.before) if (each.name === key) return true
  return false
}

function isKeyAt(src: Buffer, at: number, key: Buffer): boolean {
  for (let i = 0; i < key.length; i++) if (src[at + i] !== key[i]) return false
  return true
}
