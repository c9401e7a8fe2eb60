import { isHistoryLost, openEventStream } from '../../capture/event-stream.ts'
import type { Engine } from '../../engine.ts'
import { decodeBson } from '../../mapping/bson.ts'
import { readBsonFile } from '../../source/dump/bson-file.ts'
import { unsafeDump } from '../../source/dump/dump-error.ts'
import { type DumpFolder, documentsFile, oplogFile } from '../../source/dump/dump-folder.ts'
import { readDumpMetadata } from '../../source/dump/dump-metadata.ts'

/**
 * Shows that a copy from this dump can be brought to the present without losing a write, and answers the cluster time
 * at or before which the dump was begun. Throws LB_DUMP_NOT_SAFE where it cannot be shown, LB_DUMP_UNREADABLE for
 * files that are missing or broken:
 *
 * - the dump holds the oplog of its own time (`--oplog`). It is written last, so the dump was not cut short, and it
 *   excludes a query; its first entry was there before the first document was read.
 * - each collection is the same one, by its UUID: not one of another database, and not dropped and made anew since.
 * - MongoDB still has all changes since then.
 */
export async function checkDump(
  engine: Engine,
  folder: DumpFolder,
  collections: readonly string[],
): Promise<bigint> {
  const dumpTime = await readDumpTime(folder)
  for (const collection of collections) await requireSameCollection(engine, folder, collection)
  await requireHistory(engine, collections, dumpTime)
  return dumpTime
}

async function readDumpTime(folder: DumpFolder): Promise<bigint> {
  const file = await oplogFile(folder)
  if (file === undefined) {
    throw unsafeDump(`${folder.path} holds no oplog.bson, so nobody knows when the dump was begun`)
  }
  for await (const { raw } of readBsonFile(file)) {
    const { ts } = decodeBson(raw)
    if ((ts as { _bsontype?: unknown } | undefined)?._bsontype === 'Timestamp') {
      return (ts as { toBigInt(): bigint }).toBigInt()
    }
    break
  }
  throw unsafeDump(`${file.path} holds no entry with a time, so nobody knows when the dump was begun`)
}

async function requireSameCollection(engine: Engine, folder: DumpFolder, collection: string): Promise<void> {
  await documentsFile(folder, collection)
  const { uuid, type } = await readDumpMetadata(folder, collection)
  const [live] = await engine.database.listCollections({ name: collection }).toArray()
  const liveUuid = live !== undefined && 'info' in live ? uuidHex(live.info) : undefined
  const detail = { collection, inDump: uuid, live: liveUuid }
  if (type !== 'collection') {
    throw unsafeDump(`"${collection}" is a ${type} in the dump, and no collection`, detail)
  }
  if (uuid === undefined) {
    throw unsafeDump(`the dump does not say which collection "${collection}" was (no uuid)`, detail)
  }
  if (uuid.toLowerCase() !== liveUuid) {
    throw unsafeDump(
      `"${collection}" of the dump is not the collection that is there now: it is of another database, or was dropped and made anew`,
      detail,
    )
  }
}

function uuidHex(info: unknown): string | undefined {
  const uuid = (info as { uuid?: { buffer?: Uint8Array } } | undefined)?.uuid
  return uuid?.buffer === undefined ? undefined : Buffer.from(uuid.buffer.subarray(0, 16)).toString('hex')
}

async function requireHistory(
  engine: Engine,
  collections: readonly string[],
  dumpTime: bigint,
): Promise<void> {
  try {
    const stream = await openEventStream(engine, collections, { clusterTime: dumpTime })
    await stream.next().finally(() => stream.close())
  } catch (error) {
    if (!isHistoryLost(error)) throw error
    throw unsafeDump(
      'MongoDB no longer has all changes since the dump was begun (its oplog is too small, or the dump too old)',
      { dumpTime: String(dumpTime) },
    )
  }
}
