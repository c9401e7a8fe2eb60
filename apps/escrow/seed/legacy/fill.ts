import type { Db } from 'mongodb'
import { type GenerateOptions, legacyStreams } from './generate.ts'

/** Documents of a batch, and how many bytes it may hold: MongoDB takes 48 MB in one message. */
const batchSize = 1_000
const batchBytes = 8_000_000

/** What went into one collection. */
export interface FilledCollection {
  documents: number
  /** How many documents have a kind of dirt. */
  kinds: Map<string, number>
}

/** What was written, by collection; `options` make the same documents again, for who must know each of them. */
export interface FilledDatabase {
  collections: Map<string, FilledCollection>
  options: GenerateOptions
}

export interface FillProgress {
  collection: string
  /** Documents of this collection, and of all. */
  written: number
  total: number
}

/**
 * Writes generated legacy data into a database whose collections and indexes exist; without a database it only
 * counts. Memory stays bounded: documents are made while they are written.
 */
export async function fillLegacyDatabase(
  database: Db | null,
  options: GenerateOptions & { onProgress?: (progress: FillProgress) => void },
): Promise<FilledDatabase> {
  const { onProgress, ...generate } = options
  const filled: FilledDatabase = { collections: new Map(), options: generate }
  let total = 0
  for (const { collection, documents } of legacyStreams(generate)) {
    const counted: FilledCollection = { documents: 0, kinds: new Map() }
    filled.collections.set(collection, counted)
    for (const batch of batchesOf(documents(), counted)) {
      await database?.collection(collection).insertMany(batch, {
        // Old writers knew no validator; and an absent value is a missing path, not a null.
        bypassDocumentValidation: true,
        ignoreUndefined: true,
        ordered: false,
      })
      total += batch.length
      onProgress?.({ collection, written: counted.documents, total })
    }
  }
  return filled
}

type Streamed = ReturnType<ReturnType<typeof legacyStreams>[number]['documents']>

function* batchesOf(stream: Streamed, counted: FilledCollection) {
  let batch: { _id?: undefined }[] = []
  let weight = 0
  for (const { document, kinds } of stream) {
    counted.documents += 1
    for (const kind of kinds) counted.kinds.set(kind, (counted.kinds.get(kind) ?? 0) + 1)
    batch.push(document as { _id?: undefined })
    weight += weightOf(document)
    if (batch.length < batchSize && weight < batchBytes) continue
    yield batch
    batch = []
    weight = 0
  }
  if (batch.length > 0) yield batch
}

/** Only chats grow large: a message counts for what it says and about as much around it. */
function weightOf({ messages }: { messages?: unknown }): number {
  if (!Array.isArray(messages)) return 1_000
  return messages.reduce((sum: number, message) => sum + 400 + String(message?.content ?? '').length, 1_000)
}
