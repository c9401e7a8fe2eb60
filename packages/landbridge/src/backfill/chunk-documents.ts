import type { Engine } from '../engine.ts'
import { bsonTypeOf } from '../mapping/bson-value.ts'
import type { Mapping } from '../mapping/types.ts'
import { type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { idKey, idToBytes } from '../source/id-key.ts'
import type { SourceDocument } from '../source/read-documents.ts'

/** A document of a chunk. */
export interface ChunkDocument {
  readonly target: MirrorTarget
  readonly raw: Uint8Array
}

/** The documents of a chunk, each once. */
export async function chunkDocuments(
  engine: Engine,
  mapping: Mapping,
  documents: readonly SourceDocument[],
): Promise<ChunkDocument[]> {
  if (mapping.identity === 'object-id' && documents.every(({ id }) => bsonTypeOf(id) === 'objectId'))
    return documents.map((document) => new DerivedDocument(mapping, document))
  const raws = new Map(documents.map(({ id, raw }) => [idKey(id), raw]))
  const targets = await targetsOf(
    engine,
    mapping,
    documents.map(({ id }) => id),
  )
  return targets.map((target) => ({ target, raw: raws.get(target.key) ?? new Uint8Array() }))
}

/** Nearly all documents are walked, copied and never named: what names one is made when somebody asks. */
class DerivedDocument implements ChunkDocument {
  readonly raw: Uint8Array
  private readonly id: unknown
  private readonly mapping: Mapping
  private made: MirrorTarget | undefined

  constructor(mapping: Mapping, { id, raw }: SourceDocument) {
    this.mapping = mapping
    this.id = id
    this.raw = raw
  }

  get target(): MirrorTarget {
    const { id } = this
    this.made ??= { rawId: id, key: idKey(id), legacyId: idToBytes(id), entity: this.mapping.idOf(id) }
    return this.made
  }
}
