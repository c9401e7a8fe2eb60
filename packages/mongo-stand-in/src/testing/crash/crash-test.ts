import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Db, MongoClient } from 'mongodb'
import { numberedWrites } from './numbered-writes.ts'
import { type Item, ownedItems } from './owned-items.ts'
import { type Random, randomFrom } from './random.ts'
import { seenFiles } from './seen-files.ts'
import { type ServerProcess, startServer } from './server-process.ts'
import { type Counter, sharedCounters } from './shared-counters.ts'
import { type Account, type Transfer, transfersBetween } from './transfers.ts'
import { assertRule, RULES } from './violation.ts'
import { startWatcher, type Watcher } from './watcher.ts'
import type { DatabaseState, Workload } from './workload.ts'

export interface CrashTestOptions {
  /** Where the server keeps its data; empty at the start. */
  folder: string
  rounds: number
  seed: number
  onRound(report: RoundReport): void
}

export interface RoundReport {
  readonly round: number
  readonly killedAfterMs: number
  readonly kills: number
  readonly acknowledged: number
  readonly inDoubt: number
  /** Counts since the first round, as the next three are. */
  readonly events: number
  readonly segments: number
  readonly checkpoints: number
  /** Checkpoints that a kill has interrupted. */
  readonly unfinished: number
}

const ITEM_WRITERS = 12
const COUNTER_WRITERS = 4
const TRANSFER_WRITERS = 4

/** With these a round of load begins segments and checkpoints, so that kills hit them. */
const SMALL_FILES = ['--segment-size', '0.03', '--compact-after', '0.05']
const OPLOG = ['--oplog-size', '8']

/**
 * Kills a server under load again and again, starts it on the same data, and holds what it says against what it has
 * acknowledged.
 *
 * @throws Violation
 */
export async function runCrashTest({ folder, rounds, seed, onRound }: CrashTestOptions): Promise<void> {
  const random = randomFrom(seed)
  const files = seenFiles(folder)
  let server = await startServer(0, argsFor(folder, random))
  const client = new MongoClient(server.url, {
    maxPoolSize: 40,
    serverSelectionTimeoutMS: 10_000,
    connectTimeoutMS: 5000,
    // Half a second otherwise, in which a server that is back is not looked for.
    minHeartbeatFrequencyMS: 50,
  })
  let watcher: Watcher | undefined
  try {
    const db = client.db('crash')
    watcher = await startWatcher(db)
    const workloads = await startWorkloads(client, db, random)
    for (let round = 1; round <= rounds; round++) {
      const load = startLoad(workloads)
      await load.flowing()
      const killedAfterMs = 5 + random.below(146)
      await sleep(killedAfterMs)
      // Sometimes once more, while what was interrupted is being retried.
      const kills = random.below(6) === 0 ? 2 : 1
      for (let kill = 0; kill < kills; kill++) {
        if (kill > 0) await sleep(random.below(300))
        await server.kill()
        files.look()
        server = await startServer(server.port, argsFor(folder, random))
      }
      const { acknowledged, inDoubt } = await load.stop()
      await checkRound({ db, round, watcher, workloads })
      const { segments, checkpoints, unfinished } = files
      const counts = { events: watcher.events, segments, checkpoints, unfinished }
      onRound({ round, killedAfterMs, kills, acknowledged, inDoubt, ...counts })
    }
    await watcher.close()
  } finally {
    await watcher?.close().catch(() => {})
    await client.close(true)
    await stopServer(server)
  }
}

function argsFor(folder: string, random: Random): string[] {
  const files = random.below(2) === 0 ? SMALL_FILES : []
  const fsync = random.below(8) === 0 ? ['--fsync'] : []
  return ['--data', folder, ...OPLOG, ...files, ...fsync]
}

async function startWorkloads(client: MongoClient, db: Db, random: Random): Promise<Workload[]> {
  const items = db.collection<Item>('items')
  await items.createIndex({ owner: 1 })
  await items.createIndex({ n: 1, owner: -1 })
  const collections = {
    client,
    accounts: db.collection<Account>('accounts'),
    transfers: db.collection<Transfer>('transfers'),
  }
  return [
    ...Array.from({ length: ITEM_WRITERS }, (_, owner) =>
      // Every other one gives up where the connection is lost, and then learns what became of its write.
      ownedItems(
        items,
        owner % 2 === 0 ? numberedWrites(db) : (command) => db.command(command),
        owner,
        random,
      ),
    ),
    sharedCounters(
      db.collection<Counter>('counters'),
      Array.from({ length: COUNTER_WRITERS }, () => numberedWrites(db)),
      random,
    ),
    transfersBetween(collections, TRANSFER_WRITERS, random),
  ]
}

interface Load {
  /** Settles when every writer has had some replies. */
  flowing(): Promise<void>
  /** Lets every writer end what it is doing. */
  stop(): Promise<{ acknowledged: number; inDoubt: number }>
}

function startLoad(workloads: readonly Workload[]): Load {
  const lanes = workloads.flatMap((workload) => workload.lanes)
  let acknowledged = 0
  let inDoubt = 0
  let isStopped = false
  const flowing = Promise.withResolvers<void>()
  const writers = lanes.map(async (lane) => {
    while (!isStopped) {
      if (await lane()) acknowledged++
      else {
        inDoubt++
        return
      }
      if (acknowledged === 2 * lanes.length) flowing.resolve()
    }
  })
  const all = Promise.all(writers)
  // A violation is told by whoever waits next.
  all.catch((error: unknown) => flowing.reject(error))
  return {
    flowing: () => flowing.promise,
    stop: async () => {
      isStopped = true
      await all
      return { acknowledged, inDoubt }
    },
  }
}

interface Round {
  readonly db: Db
  readonly round: number
  readonly watcher: Watcher
  readonly workloads: readonly Workload[]
}

async function checkRound({ db, round, watcher, workloads }: Round): Promise<void> {
  const state = await readState(db)
  for (const workload of workloads) workload.settle(state)
  await checkIndexes(db, state)
  const markers = db.collection<{ _id: string }>('markers')
  await markers.deleteMany({})
  await markers.insertOne({ _id: `round-${round}` })
  await watcher.sees('markers', `round-${round}`)
  for (const [collection, documents] of state) {
    if (collection === 'markers') continue
    const replayed = watcher.state.get(collection) ?? new Map()
    assertRule(
      isDeepStrictEqual(replayed, new Map(documents)),
      RULES.complete,
      () => `${collection} differs at ${differences(replayed, documents).join(', ')}`,
    )
  }
  for (const workload of workloads) await workload.tidy()
}

async function readState(db: Db): Promise<DatabaseState> {
  const names = ['items', 'counters', 'accounts', 'transfers']
  const read = names.map(async (name) => {
    const documents = await db.collection(name).find().toArray()
    return [name, new Map(documents.map((document) => [String(document._id), document]))] as const
  })
  return new Map(await Promise.all(read))
}

/** The other way to the same documents must lead to the same. */
async function checkIndexes(db: Db, state: DatabaseState): Promise<void> {
  const items = db.collection<Item>('items')
  for (const hint of ['owner_1', 'n_1_owner_-1']) {
    const found = await items.find().hint(hint).toArray()
    assertRule(
      isDeepStrictEqual(new Map(found.map((item) => [item._id, item])), state.get('items')),
      RULES.index,
      () => `${hint} leads to ${found.length} documents of ${state.get('items')?.size}`,
    )
  }
}

function differences(left: DatabaseStatePart, right: DatabaseStatePart): string[] {
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((id) => !isDeepStrictEqual(left.get(id), right.get(id)))
    .map((id) => `${id} (${JSON.stringify(left.get(id))} and ${JSON.stringify(right.get(id))})`)
}

type DatabaseStatePart = ReadonlyMap<string, unknown>

async function stopServer(server: ServerProcess): Promise<void> {
  // After a violation it may have ended already.
  await server.kill().catch(() => {})
}
