import { setTimeout as sleep } from 'node:timers/promises'
import { type Collection, MongoClient, MongoServerError, type ObjectId } from 'mongodb'
import type { UnitName } from '../../../units.ts'
import type { AcknowledgedWrites } from '../acknowledged-writes.ts'

export interface RunningScript {
  stop(): Promise<void>
  counts: { acknowledged: number; refused: number }
}

interface ScriptTarget {
  unit: UnitName
  collection: string
  path: string
  /** Documents that will still be there when the write is looked up. */
  lasting?: () => Record<string, unknown>
}

const dayMs = 86_400_000

const targets: ScriptTarget[] = [
  { unit: 'category', collection: 'categories', path: 'icon' },
  { unit: 'user', collection: 'users', path: 'profile.website' },
  { unit: 'request', collection: 'purchaserequests', path: 'brand' },
  { unit: 'payment', collection: 'payments', path: 'metadata.note' },
  { unit: 'address', collection: 'addresses', path: 'phoneNumber' },
  { unit: 'review', collection: 'reviews', path: 'comment' },
  { unit: 'blog', collection: 'blogposts', path: 'coverImage' },
  {
    unit: 'notification',
    collection: 'notifications',
    path: 'actionUrl',
    lasting: () => ({ createdAt: { $gt: new Date(Date.now() - 89 * dayMs) } }),
  },
  { unit: 'trezor', collection: 'trezoraccounts', path: 'deviceLabel' },
  { unit: 'chat', collection: 'chats', path: 'description' },
  {
    unit: 'telegram',
    collection: 'telegramsessions',
    path: 'source',
    lasting: () => ({ expiresAt: { $gt: new Date(Date.now() + dayMs / 2) } }),
  },
]

const documentValidationFailure = 121

/**
 * The script that every company has: it writes straight into MongoDB and never heard of the application. Its writes
 * count like a client's while MongoDB is the authority; afterwards the fence's validator must refuse them.
 */
export function writePastTheApplication(
  mongoUrl: string,
  databaseName: string,
  writes: AcknowledgedWrites,
  options: { restMs: number },
): RunningScript {
  const client = new MongoClient(mongoUrl, { serverSelectionTimeoutMS: 5_000 })
  const database = client.db(databaseName)
  const counts = { acknowledged: 0, refused: 0 }
  let stopped = false

  const run = async () => {
    const ids = new Map<string, ObjectId[]>()
    for (const { collection, lasting } of targets) {
      ids.set(collection, await someIds(database.collection(collection), lasting?.() ?? {}))
    }
    for (let number = 1; !stopped; number += 1) {
      const target = targets[number % targets.length]
      const known = ids.get(target?.collection ?? '') ?? []
      const id = known[number % known.length]
      if (target !== undefined && id !== undefined) await writeOne(target, id, number)
      await sleep(options.restMs)
    }
  }

  const writeOne = async ({ unit, collection, path }: ScriptTarget, id: ObjectId, number: number) => {
    const value = `script ${number}`
    try {
      const { matchedCount } = await database
        .collection(collection)
        .updateOne({ _id: id }, { $set: { [path]: value } }, { writeConcern: { w: 'majority' } })
      if (matchedCount === 0) return
      writes.acknowledge({ unit, collection, id: id.toHexString(), path }, [value])
      counts.acknowledged += 1
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== documentValidationFailure) throw error
      counts.refused += 1
    }
  }

  const running = run()
  return {
    counts,
    async stop() {
      stopped = true
      await running
      await client.close()
    },
  }
}

/** Old documents in which the written path is free to be set. */
async function someIds(collection: Collection, lasting: Record<string, unknown>): Promise<ObjectId[]> {
  const found = await collection
    .find(
      {
        ...lasting,
        _id: { $type: 'objectId' },
        $or: [{ metadata: { $type: 'object' } }, { metadata: { $exists: false } }],
      },
      { projection: { _id: 1 }, sort: { _id: 1 }, limit: 40 },
    )
    .toArray()
  return found.map(({ _id }) => _id)
}
