import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { EJSON } from 'bson'
import type { Pool } from 'pg'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { type QuarantinedDocument, type QuarantineFilter, readQuarantined } from './quarantine.ts'

export interface ExportedCollection {
  collection: string
  documents: number
  bytes: number
  /** The documents, one behind the other, as `mongorestore` and `bsondump` read them. */
  bson: string
  /** Why each waits, in the order of the documents. */
  reasons: string
}

/**
 * Writes what the filter chooses into a folder: `<collection>.bson`, byte for byte as the documents came, and
 * `<collection>.reasons.json`. Throws LB_USAGE rather than overwrite an export that is there.
 */
export async function exportQuarantine(
  pool: Pool,
  folder: string,
  filter: Omit<QuarantineFilter, 'limit'>,
  signal?: AbortSignal,
): Promise<ExportedCollection[]> {
  await mkdir(folder, { recursive: true })
  const exported: ExportedCollection[] = []
  let current: Exporting | undefined
  for await (const { document, raw } of readQuarantined(pool, filter)) {
    signal?.throwIfAborted()
    if (current?.result.collection !== document.collection) {
      await current?.end()
      current = await startExport(folder, document.collection)
      exported.push(current.result)
    }
    await current.add(document, raw)
  }
  await current?.end()
  return exported
}

interface Exporting {
  result: ExportedCollection
  add(document: QuarantinedDocument, raw: Buffer): Promise<void>
  end(): Promise<void>
}

async function startExport(folder: string, collection: string): Promise<Exporting> {
  // What a file system takes for something else stands as %XX; names of collections may hold a slash.
  const name = collection.replace(/[^\w.-]|^\./g, (char) => encodeURIComponent(char).replace('.', '%2E'))
  const result: ExportedCollection = {
    collection,
    documents: 0,
    bytes: 0,
    bson: join(folder, `${name}.bson`),
    reasons: join(folder, `${name}.reasons.json`),
  }
  const bson = await newFile(result.bson)
  const reasons = await newFile(result.reasons)
  await write(reasons, '[')
  return {
    result,
    async add(document, raw) {
      await write(bson, raw)
      await write(reasons, `${result.documents === 0 ? '' : ','}\n  ${JSON.stringify(reasonOf(document))}`)
      result.documents++
      result.bytes += raw.length
    },
    async end() {
      await write(reasons, '\n]\n')
      await Promise.all([close(bson), close(reasons)])
    },
  }
}

function reasonOf(document: QuarantinedDocument) {
  const { rawId, legacyId: _, unit, collection, ...rest } = document
  return { unit, collection, id: EJSON.serialize({ v: rawId }, { relaxed: false }).v, ...rest }
}

/** An export is a record: one that is there already is never written over. */
async function newFile(path: string): Promise<WriteStream> {
  const file = await open(path, 'wx').catch((cause: unknown) => {
    throw new LandbridgeError(errorCodes.usage, `${path} cannot be made: is it there already?`, { cause })
  })
  return createWriteStream('', { fd: file })
}

async function write(stream: WriteStream, chunk: Buffer | string): Promise<void> {
  if (!stream.write(chunk)) await once(stream, 'drain')
}

async function close(stream: WriteStream): Promise<void> {
  stream.end()
  await once(stream, 'close')
}
