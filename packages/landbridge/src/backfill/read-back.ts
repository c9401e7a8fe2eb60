import type { PoolClient } from 'pg'
import { decodeBson } from '../mapping/bson.ts'
import { type Difference, differences } from '../mapping/canonical-form.ts'
import { comparable } from '../mapping/comparable.ts'
import type { Mapping } from '../mapping/types.ts'
import { readEntities } from '../target/entities.ts'
import type { ChunkDocument } from './chunk-documents.ts'

const BATCH = 500

/** A document whose rows, read back, do not give it again. */
export interface ReadBackFault {
  document: ChunkDocument
  differences: Difference[]
}

/** Reads copied documents back and compares them in canonical form: an encoding fault shows here, before the commit. */
export async function readBack(
  tx: PoolClient,
  mapping: Mapping,
  documents: readonly ChunkDocument[],
): Promise<ReadBackFault[]> {
  const faults: ReadBackFault[] = []
  for (let from = 0; from < documents.length; from += BATCH) {
    const some = documents.slice(from, from + BATCH)
    const ids = some.flatMap((document) => document.target.entity ?? [])
    const entities = await readEntities(tx, mapping, ids)
    for (const document of some) {
      const rows = entities.get(document.target.entity ?? '')
      const source = comparable(mapping, decodeBson(document.raw))
      const found = differences(source, rows === undefined ? {} : mapping.rebuildDocument(rows))
      if (found.length > 0) faults.push({ document, differences: found })
    }
  }
  return faults
}

/** Every `step`th document. */
export function sampleOf<T>(items: readonly T[], step: number): T[] {
  return items.filter((_, i) => i % step === 0)
}
