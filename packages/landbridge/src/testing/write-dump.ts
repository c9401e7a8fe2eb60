import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { EJSON } from 'bson'
import { Timestamp } from 'mongodb'
import type { Engine } from '../engine.ts'
import { encodeBson } from '../mapping/bson.ts'
import type { DumpFolder } from '../source/dump/dump-folder.ts'
import { writeMarker } from '../source/marker.ts'
import { readMatching } from '../source/read-documents.ts'

export interface WriteDumpOptions {
  gzip?: boolean
  /** False leaves out what `--oplog` adds. */
  oplog?: boolean
}

/** A folder as `mongodump --oplog` writes it, of what the collections hold now; removed with the test. */
export async function writeDump(
  engine: Engine,
  collections: readonly string[],
  { gzip = false, oplog = true }: WriteDumpOptions = {},
): Promise<DumpFolder & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'landbridge-test-dump-'))
  const database = engine.database.databaseName
  await mkdir(join(path, database))
  const { clusterTime } = await writeMarker(engine, 'dump')
  const write = (name: string, bytes: Uint8Array) =>
    writeFile(join(path, gzip ? `${name}.gz` : name), gzip ? gzipSync(bytes) : bytes)
  for (const collection of collections) {
    const raws: Uint8Array[] = []
    for await (const { raw } of readMatching(engine, collection, {})) raws.push(Uint8Array.from(raw))
    await write(join(database, `${collection}.bson`), Buffer.concat(outOfOrder(raws)))
    await write(
      join(database, `${collection}.metadata.json`),
      Buffer.from(await metadata(engine, collection)),
    )
  }
  if (oplog) {
    const entries = [0n, 1n].map((i) =>
      encodeBson({ ts: new Timestamp(clusterTime + i), op: 'n', ns: '', o: {} }),
    )
    await writeFile(join(path, 'oplog.bson'), Buffer.concat(entries))
  }
  return { path, database, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** No order that anything could rely on, and the same one each time. */
function outOfOrder<T>(items: readonly T[]): T[] {
  return items
    .map((item, i) => ({ item, place: (i * 7_919) % 10_007 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

async function metadata(engine: Engine, collection: string): Promise<string> {
  const [live] = await engine.database.listCollections({ name: collection }).toArray()
  if (live === undefined || !('info' in live)) throw new Error(`there is no collection ${collection}`)
  return EJSON.stringify(
    {
      indexes: await engine.database.collection(collection).indexes(),
      uuid: live.info?.uuid?.toString('hex').replaceAll('-', ''),
      collectionName: collection,
      type: 'collection',
      options: live.options,
    },
    { relaxed: false },
  )
}
