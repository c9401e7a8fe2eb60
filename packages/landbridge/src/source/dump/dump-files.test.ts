import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Int32, ObjectId } from 'bson'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeBson } from '../../mapping/bson.ts'
import { anyId } from '../../testing/arbitrary-id.ts'
import { idKey } from '../id-key.ts'
import { compareIds } from '../id-order.ts'
import { readBsonFile } from './bson-file.ts'
import { readDumpMetadata } from './dump-metadata.ts'
import { indexRecord } from './index-record.ts'
import { readRecords, sortIndex } from './sort-index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbridge-dump-files-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(join(folder, name), bytes)
  return join(folder, name)
}

async function documentsOf(path: string, isGzip = false): Promise<Buffer[]> {
  const raws: Buffer[] = []
  for await (const { raw } of readBsonFile({ path, isGzip })) raws.push(Buffer.from(raw))
  return raws
}

describe('readBsonFile', () => {
  const small = encodeBson({ _id: new Int32(1) })
  const large = encodeBson({ _id: new Int32(2), text: 'x'.repeat(16 * 1024 * 1024 - 100) })

  it('reads documents of every size over the borders of its reads, plain and gzipped', async () => {
    const documents = [
      small,
      large,
      small,
      ...Array.from({ length: 1_000 }, (_, i) => encodeBson({ _id: i })),
      large,
    ]
    const bytes = Buffer.concat(documents)
    for (const isGzip of [false, true]) {
      const path = await written(`sizes-${isGzip}`, isGzip ? gzipSync(bytes, { level: 1 }) : bytes)
      const read = await documentsOf(path, isGzip)
      expect(read).toHaveLength(documents.length)
      expect(Buffer.concat(read).equals(bytes)).toBe(true)
    }
  })

  it('reads an empty collection', async () => {
    expect(await documentsOf(await written('empty', Buffer.alloc(0)))).toEqual([])
  })

  it('refuses a file that ends inside of a document, is no BSON, or is half a gzip', async () => {
    const broken = [
      { bytes: Buffer.concat([small, small.subarray(0, 6)]), isGzip: false },
      { bytes: Buffer.concat([small, small.subarray(0, 2)]), isGzip: false },
      { bytes: Buffer.from('{"_id": 1, "this": "is JSON"}'), isGzip: false },
      { bytes: gzipSync(Buffer.concat([small, small])).subarray(0, -9), isGzip: true },
    ]
    for (const [i, { bytes, isGzip }] of broken.entries()) {
      await expect(documentsOf(await written(`broken-${i}`, bytes), isGzip)).rejects.toMatchObject({
        code: 'LB_DUMP_UNREADABLE',
      })
    }
  })
})

describe('sortIndex', () => {
  it('sorts ids of all types, in memory and merged from runs, and keeps the later of two with one id', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyId, { maxLength: 60 }),
        fc.integer({ min: 1, max: 70 }),
        async (ids, runRecords) => {
          const path = join(folder, 'ids')
          const records = ids.map((id, i) => indexRecord(id, i * 1_000, 10))
          await sortIndex(asyncOf(records), path, { runRecords })
          const sorted: { id: unknown; offset: number }[] = []
          for await (const { id, offset } of readRecords(path)) sorted.push({ id, offset })
          const latest = new Map(ids.map((id, i) => [idKey(id), i * 1_000]))
          expect(sorted).toHaveLength(latest.size)
          for (const [i, { id, offset }] of sorted.entries()) {
            expect(latest.get(idKey(id))).toBe(offset)
            if (i > 0) expect(compareIds(sorted[i - 1]?.id, id)).toBeLessThan(0)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

describe('readDumpMetadata', () => {
  const uuid = '0123456789abcdef0123456789abcdef'

  it('reads indexes, options and the uuid, as old and new versions write them', async () => {
    const canonical = `{"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"},
      {"key":{"email":{"$numberInt":"1"}},"name":"email_1","unique":true,"partialFilterExpression":{"email":{"$exists":true}}},
      {"key":{"at":-1.0,"_fts":"text"},"name":"t","expireAfterSeconds":{"$numberLong":"60"}}],
      "uuid":"${uuid}","collectionName":"users","type":"collection","options":{"capped":true}}`
    await written('users.metadata.json.gz', gzipSync(canonical))
    const metadata = await readDumpMetadata({ path: folder, database: 'app' }, 'users')
    expect(metadata).toMatchObject({
      uuid,
      type: 'collection',
      options: { capped: true },
      indexes: [
        { name: '_id_', key: { _id: 1 } },
        {
          name: 'email_1',
          unique: true,
          key: { email: 1 },
          partialFilterExpression: { email: { $exists: true } },
        },
        { name: 't', key: { at: -1, _fts: 'text' }, expireAfterSeconds: 60 },
      ],
    })
    await written('old.metadata.json', Buffer.from('{"options":{},"indexes":[]}'))
    expect(await readDumpMetadata({ path: folder, database: 'app' }, 'old')).toMatchObject({
      type: 'collection',
      indexes: [],
    })
  })

  it('refuses what is missing or something else', async () => {
    await written('odd.metadata.json', Buffer.from('[]'))
    for (const name of ['odd', 'none', String(new ObjectId())]) {
      await expect(readDumpMetadata({ path: folder, database: 'app' }, name)).rejects.toMatchObject({
        code: 'LB_DUMP_UNREADABLE',
      })
    }
  })
})
