/**
 * Fills MONGO_URL with generated legacy data:  npm run seed:legacy -- --documents 20000 --seed 1
 */
import { parseArgs } from 'node:util'
import { type Db, MongoClient } from 'mongodb'
import mongoose from 'mongoose'
import { createLegacyCollections } from '../../src/migration/legacy-collections.ts'
import { readMongoConfig } from '../../src/migration/migration-config.ts'
import { type FilledDatabase, type FillProgress, fillLegacyDatabase } from './fill.ts'
import type { GenerateOptions } from './generate.ts'

const help = `Fills the MongoDB of MONGO_URL (database MONGO_DB) with generated legacy data.

  npm run seed:legacy -- [--documents N] [--seed N] [--now DAY] [--large-chats] [--dry-run]

  --documents N   about how many documents in all (20000)
  --seed N        the same seed, number and day give the same documents (1)
  --now DAY       the present of the marketplace, e.g. 2026-06-01 (today): its stories lie in the two years before,
                  and what MongoDB removes after 90 days lies in the weeks before
  --large-chats   one chat near MongoDB's limit of 16 MB
  --dry-run       write nothing, only count

Prints, as one JSON document, how many documents each collection got and how many of them have which kind of dirt.

Example
  MONGO_URL='mongodb://127.0.0.1:27017/?replicaSet=rs0' npm run seed:legacy -- --documents 5000
`

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    now: { type: 'string', default: new Date().toISOString().slice(0, 10) },
    'large-chats': { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const options: GenerateOptions = {
  documents: Number(values.documents),
  seed: Number(values.seed),
  now: new Date(`${values.now}T00:00:00.000Z`),
  largeChats: values['large-chats'],
}
if (values.help) {
  process.stdout.write(help)
} else if (!isUsable(options)) {
  process.stderr.write(`--documents and --seed are whole numbers, --now is a day; see --help\n`)
  process.exitCode = 2
} else {
  const filled = values['dry-run'] ? await fill(null) : await fillMongo()
  process.stdout.write(`${JSON.stringify(summaryOf(filled))}\n`)
}

function isUsable({ documents, seed, now }: GenerateOptions): boolean {
  const areNumbers = Number.isInteger(documents) && documents > 0 && Number.isInteger(seed)
  return areNumbers && !Number.isNaN(now?.getTime())
}

async function fillMongo(): Promise<FilledDatabase> {
  const config = readMongoConfig(process.env)
  const connection = await mongoose
    .createConnection(config.mongoUrl, { dbName: config.mongoDatabase, serverSelectionTimeoutMS: 5_000 })
    .asPromise()
  await createLegacyCollections(connection)
  await connection.close()
  await using client = new MongoClient(config.mongoUrl)
  return await fill(client.db(config.mongoDatabase))
}

async function fill(database: Db | null): Promise<FilledDatabase> {
  const filled = await fillLegacyDatabase(database, { ...options, onProgress: progressLine() })
  if (process.stderr.isTTY) process.stderr.write('\n')
  return filled
}

/** One line that is written over on a terminal; elsewhere a line every few seconds. */
function progressLine(): (progress: FillProgress) => void {
  const started = performance.now()
  const every = process.stderr.isTTY ? 200 : 5_000
  let last = started
  return ({ collection, written, total }) => {
    const now = performance.now()
    if (now - last < every) return
    last = now
    const rate = Math.round(total / ((now - started) / 1_000))
    const left = Math.max(0, Math.round((options.documents - total) / rate))
    const line = `${total} of about ${options.documents} documents, ${rate}/s, ${left} s left (${collection} ${written})`
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
  }
}

function summaryOf(filled: FilledDatabase) {
  return Object.fromEntries(
    [...filled.collections].map(([collection, { documents, kinds }]) => [
      collection,
      { documents, kinds: Object.fromEntries(kinds) },
    ]),
  )
}
