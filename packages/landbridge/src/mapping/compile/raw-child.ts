import { uuidFromObjectId } from '../../identity/object-id-uuid.ts'
import type { CompiledChild, CompiledTable } from '../compiled-table.ts'
import { splitPath } from '../path.ts'
import { resolve } from '../path-tree.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { RAW, rawKeyEnd } from './raw-bson.ts'
import type { RawIndex } from './raw-index.ts'
import { memberStarts } from './raw-json.ts'
import { type RawRow, tablesIn } from './raw-row.ts'
import { compileRawTable, type Position, type RawPlan } from './raw-table.ts'
import { compileTableRows } from './row-encoder.ts'

/**
 * Walks a child from where the index found it. A child right under the root that cannot be walked is mapped by itself
 * as its document would be, which may keep it whole in the root's `extra`; the rest of the document goes on.
 */
export function compileRawChild(
  child: CompiledChild,
  parent: CompiledTable,
  index: RawIndex,
  row: RawRow,
  plan: RawPlan,
): (src: Buffer, position: Position) => boolean {
  const { places } = index
  const slot = index.slotOf(child.path)
  const isOptional = child.kind === 'row' || child.empty === 'missing'
  const walk = elementsWalker(child, plan)
  const general = parent.shape.kind === 'root' ? generalChild(child, parent, row, plan) : undefined
  return (src, position) => {
    const type = places.types[slot] as number
    const at = places.offsets[slot] as number
    if (type === 0) return isOptional || row.keepMissing(child.path)
    if (type === RAW.null || type === RAW.undefined) return row.keepEmpty(child.path, type)
    if (general === undefined) return walk(src, type, at, position, row)
    return general(src, type, at, position, walk)
  }
}

type ElementsWalker = (src: Buffer, type: number, at: number, position: Position, row: RawRow) => boolean

function elementsWalker(child: CompiledChild, plan: RawPlan): ElementsWalker {
  const write = compileRawTable(child.table, plan)
  const isGrowing = child.table.growing !== undefined
  return (src, type, at, position, row) => {
    if (child.kind === 'row') return write(src, type, at, { ...position, ordinal: 0 })
    const starts = type === RAW.array ? memberStarts(src, at) : undefined
    if (starts === undefined) return false
    if (starts.length === 0) return child.empty !== 'missing' || row.keepEmpty(child.path, RAW.array)
    const ids = isGrowing ? elementIds(src, starts) : undefined
    if (isGrowing && ids === undefined) return false
    for (let ordinal = 0; ordinal < starts.length; ordinal++) {
      const start = starts[ordinal] as number
      const chain = child.kind === 'rows' ? [...position.chain, ordinal] : position.chain
      const elementAt = ids?.[ordinal] ?? position.elementAt
      const valueAt = rawKeyEnd(src, start + 1, src.length) + 1
      if (!write(src, src[start] as number, valueAt, { ...position, chain, ordinal, elementAt })) return false
    }
    return true
  }
}

/** Where the ObjectIds of a growing child's elements begin; undefined where they do not tell the elements apart. */
function elementIds(src: Buffer, starts: readonly number[]): number[] | undefined {
  const seen = new Set<string>()
  const places: number[] = []
  for (const start of starts) {
    if (src[start] !== RAW.document) return undefined
    const members = memberStarts(src, rawKeyEnd(src, start + 1, src.length) + 1)
    const id = members?.find((at) => src.toString('latin1', at + 1, at + 5) === '_id\0')
    if (id === undefined || src[id] !== RAW.objectId) return undefined
    places.push(id + 5)
    seen.add(src.toString('latin1', id + 5, id + 17))
  }
  return seen.size === starts.length ? places : undefined
}

/** Tries to walk; takes back what that wrote and maps the child's value where it cannot. */
function generalChild(child: CompiledChild, parent: CompiledTable, row: RawRow, plan: RawPlan) {
  const names = tablesIn(child)
  const buffers = names.map((name) => plan.buffers.get(name) as CopyBuffer)
  const { node } = resolve(parent.root, splitPath(child.path))
  const encodeRows = compileTableRows(tablesOf(child), plan.buffers)
  return (src: Buffer, type: number, at: number, position: Position, walk: ElementsWalker): boolean => {
    const before = buffers.map((buffer) => buffer.place())
    if (walk(src, type, at, position, row)) return true
    for (const [i, buffer] of buffers.entries()) buffer.returnTo(before[i] as { at: number; rows: number })
    const entity = position.entity ?? uuidFromObjectId(src.toString('hex', position.idAt, position.idAt + 12))
    return row.decideChild(node, child, entity, { src, type, at }, encodeRows)
  }
}

function tablesOf(child: CompiledChild): CompiledTable[] {
  return [child.table, ...child.table.children.flatMap(tablesOf)]
}
