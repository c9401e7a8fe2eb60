import type { Db } from 'mongodb'
import { generateLegacyData } from './generate.ts'

const batchSize = 1_000

/** What was written: the `_id`s of each collection, as text. */
export type FilledCollections = Map<string, string[]>

/** Writes generated legacy data into a database whose collections and indexes exist. */
export async function fillLegacyDatabase(
  database: Db,
  options: { documents: number; seed: number; onProgress?: (collection: string, written: number) => void },
): Promise<FilledCollections> {
  const filled: FilledCollections = new Map()
  for (const { collection, documents } of generateLegacyData(options.documents, options.seed)) {
    const target = database.collection(collection)
    for (let start = 0; start < documents.length; start += batchSize) {
      await target.insertMany(documents.slice(start, start + batchSize), {
        // Old writers knew no validator; and an absent value is a missing path, not a null.
        bypassDocumentValidation: true,
        ignoreUndefined: true,
        ordered: false,
      })
      options.onProgress?.(collection, Math.min(start + batchSize, documents.length))
    }
    filled.set(
      collection,
      documents.map(({ _id }) => String(_id)),
    )
  }
  return filled
}
