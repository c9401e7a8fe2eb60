import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Db } from 'mongodb'
import { legacyStreams } from '../apps/escrow/seed/legacy/generate.ts'
import { encodeBson } from '../packages/landbridge/src/mapping/bson.ts'
import type { DumpFolder } from '../packages/landbridge/src/source/dump/dump-folder.ts'

const BATCH = 1_000
/** The generator tells whole stories, of which payments are a part: so many documents hold enough of them. */
const STORIES_FACTOR = 20

/** Payments of the generated marketplace, without its dirt: the same in MongoDB and in a dump folder. */
export async function writePayments(database: Db, count: number): Promise<DumpFolder & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'landbridge-bench-dump-'))
  await mkdir(join(path, database.databaseName))
  const file = join(path, database.databaseName, 'payments.bson')
  const collection = database.collection('payments')
  await pipeline(
    Readable.from(
      (async function* () {
        for (const batch of paymentBatches(count)) {
          await collection.insertMany(batch as never[])
          yield Buffer.concat(batch.map((document) => encodeBson(document)))
        }
      })(),
    ),
    createWriteStream(file),
  )
  return {
    path,
    database: database.databaseName,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

function* paymentBatches(count: number): Generator<Record<string, unknown>[]> {
  const [stream] = legacyStreams({
    documents: count * STORIES_FACTOR,
    seed: 1,
    dirtTimes: 0,
    collections: ['payments'],
  })
  let batch: Record<string, unknown>[] = []
  let made = 0
  for (const { document } of stream?.documents() ?? []) {
    batch.push(document)
    made++
    if (batch.length < BATCH && made < count) continue
    yield batch
    if (made === count) return
    batch = []
  }
  throw new Error(`only ${made} payments were generated`)
}
