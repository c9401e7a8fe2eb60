import type { CompiledTable } from '../compiled-table.ts'
import { nodesUnder } from '../path-tree.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { RAW, rawEnd, rawInt32 } from './raw-bson.ts'
import { compileRawTable } from './raw-table.ts'

/**
 * Walks whole raw documents into the payloads; false (with something half written, which the caller rolls back) for
 * whatever needs the general way. Undefined where every document of the mapping does: ids from the id map, and
 * derived paths, which are computed from documents, and growing children, whose ids must be told apart.
 */
export function compileRawDocument(
  root: CompiledTable,
  identity: 'object-id' | 'id-map',
  buffers: ReadonlyMap<string, CopyBuffer>,
): ((src: Buffer) => boolean) | undefined {
  if (identity === 'id-map' || nodesUnder(root.root).some((node) => node.derived)) return undefined
  if (root.children.some((child) => child.table.growing !== undefined)) return undefined
  const write = compileRawTable(root, buffers)
  return (src) => {
    if (src.length < 5 || rawInt32(src, 0) !== src.length || src[src.length - 1] !== 0) return false
    const idAt = findId(src)
    return idAt > 0 && write(src, RAW.document, 0, { idAt, chain: [], ordinal: 0 })
  }
}

/** Where the ObjectId of `_id` begins; -1 where there is none. It stands first in nearly every document. */
function findId(src: Buffer): number {
  const end = src.length - 1
  let at = 4
  while (at < end) {
    const type = src[at] as number
    const keyEnd = src.indexOf(0, at + 1)
    if (keyEnd < 0) return -1
    if (keyEnd === at + 4 && src.toString('latin1', at + 1, keyEnd) === '_id') {
      return type === RAW.objectId ? keyEnd + 1 : -1
    }
    const next = rawEnd(src, type, keyEnd + 1)
    if (next <= at) return -1
    at = next
  }
  return -1
}
