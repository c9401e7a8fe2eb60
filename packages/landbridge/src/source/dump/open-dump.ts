import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChunkBounds } from '../../backfill/chunk-bounds.ts'
import { readId } from '../read-id.ts'
import { readBsonFile } from './bson-file.ts'
import { type DumpFile, type DumpFolder, documentsFile } from './dump-folder.ts'
import { type IndexRecord, indexRecord } from './index-record.ts'
import { readRecords, type SortOptions, sortIndex } from './sort-index.ts'
import { firstPlaceIn, type SparsePlace, sparseIndex } from './sparse-index.ts'

export interface DumpOptions extends SortOptions {
  /** Where the sorted index lies, and the unpacked documents of a gzipped dump; the system's own unless told. */
  workFolder?: string
}

/** A collection of a dump, made ready to be read in the order of `_id`. */
export interface DumpCollection extends AsyncDisposable {
  documents: FileHandle
  /** The documents of a range on, in order. */
  recordsFrom(bounds: ChunkBounds): AsyncGenerator<IndexRecord>
}

/**
 * Documents of a dump lie in no order, or in that of their insertion. One pass over the file notes each document's
 * `_id` and place, sorted on disk; a gzipped file, in which nothing can be found by its place, is unpacked by it.
 * Memory stays bounded however large the dump is.
 */
export async function openDumpCollection(
  folder: DumpFolder,
  collection: string,
  options: DumpOptions = {},
): Promise<DumpCollection> {
  const file = await documentsFile(folder, collection)
  const work = await mkdtemp(join(options.workFolder ?? tmpdir(), 'landbridge-dump-'))
  try {
    const index = join(work, 'ids')
    const unpacked = file.isGzip ? join(work, 'documents') : undefined
    const target = unpacked === undefined ? undefined : await open(unpacked, 'w')
    try {
      await sortIndex(recordsOf(file, target), index, options)
    } finally {
      await target?.close()
    }
    const places = await sparseIndex(index)
    const documents = await open(unpacked ?? file.path, 'r')
    return {
      documents,
      recordsFrom: (bounds) => recordsFrom(index, places, bounds),
      [Symbol.asyncDispose]: async () => {
        await documents.close()
        await rm(work, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    throw error
  }
}

async function* recordsOf(file: DumpFile, target: FileHandle | undefined): AsyncGenerator<IndexRecord> {
  const tap =
    target === undefined
      ? undefined
      : async (bytes: Buffer) => {
          await target.write(bytes)
        }
  for await (const { raw, offset } of readBsonFile(file, tap)) {
    yield indexRecord(readId(raw), offset, raw.length)
  }
}

async function* recordsFrom(
  index: string,
  places: readonly SparsePlace[],
  bounds: ChunkBounds,
): AsyncGenerator<IndexRecord> {
  const start = firstPlaceIn(places, bounds)
  if (start !== undefined) yield* readRecords(index, start)
}
