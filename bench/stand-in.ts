import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BSON, type Collection, MongoClient, ObjectId } from 'mongodb'
import type { Benchmark, BenchResult } from './benchmark.ts'
import { medianMs } from './median.ts'
import { type StandInProcess, startStandInProcess } from './stand-in-process.ts'

const MANY = 200_000
const FEW = 1_000
const BATCH = 1_000
const DOCUMENT_BYTES = 273
const PAGE = 20
const ROUNDS = 300

interface BenchDocument {
  _id: ObjectId
  /** A permutation of 0..count-1, so that an index over it grows in its middle and not at its end. */
  number: number
  customer: string
  createdAt: Date
  note: string
}

/**
 * The stand-in through the official driver: its command in a process of its own with a data folder, and documents of
 * 273 bytes.
 *
 * - `insertPerSecond`: 200,000 documents by `insertMany` of 1,000, acknowledged by `w: majority`, one after another.
 * - `rawFindPerSecond`: all of them read with `raw: true`, best of three, in batches as large as the protocol lets them.
 * - `memory`: how far the inserts raised the process's resident memory, over the raw BSON. A second passes before it is
 *   read, as for any server that has come to rest; nothing asks the process to collect garbage.
 * - `indexedFind`: the median time of a query among 200,000 documents over the one among 1,000, the two measured in
 *   turns; the worst of an equality on an indexed field and of pages of an index (from a key on, and from its end).
 */
export const standInBenchmark: Benchmark = {
  name: 'stand-in',
  summary: 'speed and memory of the MongoDB stand-in, through the official driver',
  async run(tell) {
    const data = await mkdtemp(join(tmpdir(), 'stand-in-bench-'))
    try {
      const server = await startStandInProcess(['--data', data])
      try {
        return await measure(server, tell)
      } finally {
        await server.stop()
      }
    } finally {
      await rm(data, { recursive: true, force: true })
    }
  },
}

async function measure(server: StandInProcess, tell: (step: string) => void): Promise<BenchResult> {
  const client = await MongoClient.connect(server.url)
  try {
    const many = client.db('bench').collection<BenchDocument>('many')
    const few = client.db('bench').collection<BenchDocument>('few')
    const emptyBytes = server.residentBytes()

    tell(`insert ${MANY} documents`)
    const insertSeconds = await fill(many, MANY)
    await sleep(1000)
    const filledBytes = server.residentBytes()

    tell('read all')
    const readSeconds = Math.min(await readAll(many), await readAll(many), await readAll(many))

    tell('indexed queries at both sizes')
    await fill(few, FEW)
    for (const collection of [many, few]) await collection.createIndex({ number: 1 })
    const equality = await inTurns(few, many, byNumber)
    const page = await inTurns(few, many, pageFrom)
    const lastPage = await inTurns(few, many, pageAtEnd)

    const rawBytes = MANY * DOCUMENT_BYTES
    return {
      figures: {
        insertPerSecond: Math.round(MANY / insertSeconds),
        rawFindPerSecond: Math.round(MANY / readSeconds),
        residentMegabytes: megabytes(filledBytes),
        emptyMegabytes: megabytes(emptyBytes),
        rawMegabytes: megabytes(rawBytes),
        indexedFindMs: rounded(equality.many),
        sortedPageMs: rounded(page.many),
        lastPageMs: rounded(lastPage.many),
      },
      ratios: {
        memory: rounded((filledBytes - emptyBytes) / rawBytes),
        indexedFind: rounded(Math.max(...[equality, page, lastPage].map((pair) => pair.many / pair.few))),
      },
    }
  } finally {
    await client.close()
  }
}

/** Inserts that many documents and returns the seconds that the server and the driver took. */
async function fill(collection: Collection<BenchDocument>, count: number): Promise<number> {
  let milliseconds = 0
  for (let from = 0; from < count; from += BATCH) {
    const documents = Array.from({ length: BATCH }, (_, at) => benchDocument(from + at, count))
    const start = performance.now()
    await collection.insertMany(documents)
    milliseconds += performance.now() - start
  }
  return milliseconds / 1000
}

async function readAll(collection: Collection<BenchDocument>): Promise<number> {
  const start = performance.now()
  let read = 0
  for await (const _ of collection.find({}, { raw: true, batchSize: MANY })) read++
  if (read !== MANY) throw new Error(`${read} of ${MANY} documents were read`)
  return (performance.now() - start) / 1000
}

type Query = (collection: Collection<BenchDocument>, number: number) => Promise<unknown[]>

const byNumber: Query = (collection, number) => collection.find({ number }).toArray()

const pageFrom: Query = (collection, number) =>
  collection.find({ number: { $gte: number } }, { sort: { number: 1 }, limit: PAGE }).toArray()

const pageAtEnd: Query = (collection) => collection.find({}, { sort: { number: -1 }, limit: PAGE }).toArray()

/** The median of a query in both collections. Asked in turns, so that noise hits both. */
async function inTurns(
  few: Collection<BenchDocument>,
  many: Collection<BenchDocument>,
  query: Query,
): Promise<{ few: number; many: number }> {
  const times = { few: [] as number[], many: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    // The same part of the index in both, and never so near its end that a page is cut short.
    const place = ((round * 617) % 900) / 1000
    times.few.push(await timed(() => query(few, Math.floor(place * FEW))))
    times.many.push(await timed(() => query(many, Math.floor(place * MANY))))
  }
  return { few: medianMs(times.few), many: medianMs(times.many) }
}

async function timed(work: () => Promise<unknown[]>): Promise<number> {
  const start = performance.now()
  const found = await work()
  if (found.length === 0) throw new Error('A query of the benchmark found nothing')
  return performance.now() - start
}

/** A document of exactly 273 bytes. */
export function benchDocument(at: number, count: number): BenchDocument {
  const document: BenchDocument = {
    _id: new ObjectId(),
    // 7,919 is a prime that divides neither size.
    number: (at * 7_919) % count,
    customer: `customer-${String(at).padStart(8, '0')}`,
    createdAt: new Date(1_700_000_000_000 + at * 1000),
    note: '',
  }
  document.note = 'n'.repeat(DOCUMENT_BYTES - BSON.calculateObjectSize(document))
  return document
}

function megabytes(bytes: number): number {
  return rounded(bytes / 1024 / 1024)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
