import type { Engine } from '../engine.ts'
import { decodeBson } from '../mapping/bson.ts'
import { bsonTypeOf } from '../mapping/bson-value.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Document, EntityRows, ForcedExtra, Mapping } from '../mapping/types.ts'
import { type ReadOptions, readDocuments } from '../source/read-documents.ts'
import type { MirrorTarget } from './mirror-target.ts'

/** Why a document stands in quarantine. */
export interface Refusal {
  path: string
  code: string
  reason: string
  valueType: string
}

/** What the source holds of an entity, mapped. */
export type SourceState =
  | { kind: 'absent'; target: MirrorTarget }
  | { kind: 'mapped'; target: MirrorTarget; raw: Uint8Array; document: Document; rows: EntityRows }
  | { kind: 'refused'; target: MirrorTarget; raw: Uint8Array; refusal: Refusal }

export type MappedState = Extract<SourceState, { kind: 'mapped' }>

/** Reads the present documents of these targets and maps them; never throws for what a document holds. */
export async function readSourceStates(
  engine: Engine,
  mapping: Mapping,
  targets: readonly MirrorTarget[],
  options: ReadOptions,
): Promise<SourceState[]> {
  const documents = await readDocuments(
    engine,
    mapping.collection,
    targets.map((target) => target.rawId),
    options,
  )
  return targets.map((target) => {
    const document = documents.get(target.key)
    return document === undefined ? { kind: 'absent', target } : mapRaw(mapping, target, document.raw)
  })
}

/** Maps one raw document. `outcomes` are values that the applier keeps in `extra`, e.g. those of unique losers. */
export function mapRaw(
  mapping: Mapping,
  target: MirrorTarget,
  raw: Uint8Array,
  outcomes: ForcedExtra[] = [],
): SourceState {
  if (target.entity === undefined) {
    const refusal = {
      path: '_id',
      code: 'id',
      reason: 'this mapping takes ObjectIds only; declare identity "id-map" for other ids',
      valueType: bsonTypeOf(target.rawId),
    }
    return { kind: 'refused', target, raw, refusal }
  }
  let document: Document
  try {
    document = decodeBson(raw)
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    return {
      kind: 'refused',
      target,
      raw,
      refusal: { path: '', code: error.code, reason: error.message, valueType: 'document' },
    }
  }
  const outcome = mapping.mapDocument(document, { id: target.entity, outcomes })
  if (outcome.kind === 'refused') {
    const { path, code, reason, valueType } = outcome
    return { kind: 'refused', target, raw, refusal: { path, code, reason, valueType } }
  }
  return { kind: 'mapped', target, raw, document, rows: outcome.rows }
}
