import { decodeBson } from '../bson.ts'
import type { CompiledMapping } from '../define-mapping.ts'
import { keepDerived } from '../derived-paths.ts'
import type { Mapping } from '../types.ts'
import type { CopyBuffer } from './copy-buffer.ts'
import { RAW, rawEnd, rawInt32 } from './raw-bson.ts'
import { compileProjection } from './raw-projection.ts'
import type { RawRow } from './raw-row.ts'
import { compileRawTable } from './raw-table.ts'

/** Walks a whole raw document into the payloads; `entity` is its uuid where the mapping asks the id map. */
export type RawDocumentWriter = (src: Buffer, entity: string | undefined) => boolean

/**
 * The plan of a mapping. False (with something half written, which the caller rolls back) for what must be refused or
 * is not sound, and for the rarest shapes: those documents are mapped as a whole.
 */
export function compileRawDocument(
  mapping: CompiledMapping,
  identity: Mapping['identity'],
  buffers: ReadonlyMap<string, CopyBuffer>,
): RawDocumentWriter {
  const { root, unmapped } = mapping
  const isMapped = identity === 'id-map'
  const write = compileRawTable(root, { identity, unmapped, buffers, keepDerived: derivedKeeper(mapping) })
  return (src, entity) => {
    if (src.length < 5 || rawInt32(src, 0) !== src.length || src[src.length - 1] !== 0) return false
    const idAt = isMapped ? 0 : findId(src)
    if (idAt < 0 || (isMapped && entity === undefined)) return false
    return write(src, RAW.document, 0, {
      idAt,
      entity: isMapped ? entity : undefined,
      elementAt: 0,
      chain: [],
      ordinal: 0,
    })
  }
}

/** What stored values of derived paths have of their own: computed from those paths alone that the derivations read. */
function derivedKeeper({
  derivations,
  derivedFrom,
}: CompiledMapping): ((src: Buffer, row: RawRow) => boolean) | undefined {
  if (derivations.length === 0) return undefined
  const project =
    derivedFrom === undefined
      ? (src: Buffer) => src
      : compileProjection([...derivedFrom, ...derivations.map(([path]) => path)])
  return (src, row) =>
    row.attempt(() => {
      const part = project(src)
      if (part === undefined) return false
      keepDerived(derivations, decodeBson(part), row.open())
      return true
    })
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
