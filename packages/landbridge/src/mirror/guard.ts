import { type ClientSession, type Db, type MongoClient, MongoServerError } from 'mongodb'

/** One counter an entity, which orders the mirrors of it. Guards outlive their documents (A2). */
export const guardCollection = 'landbridge_guard'

interface Guard {
  _id: string
  mirrors: number
}

const ensured = new WeakSet<MongoClient>()

/**
 * Creates the collection beforehand: two transactions that create it implicitly conflict with each other. Asks first,
 * because creating waits for every open transaction on the collection, that of a stopped mirror included.
 */
export async function ensureGuards(client: MongoClient, database: Db): Promise<void> {
  if (ensured.has(client)) return
  const found = await database.listCollections({ name: guardCollection }, { nameOnly: true }).toArray()
  if (found.length === 0) {
    await database.createCollection(guardCollection).catch((error: unknown) => {
      if (!(error instanceof MongoServerError) || error.code !== namespaceExists) throw error
    })
  }
  ensured.add(client)
}

/**
 * Reading the guard first opens the transaction's snapshot: whoever raises it meanwhile makes this mirror fail. Answers
 * how many mirrors there have been, by guard.
 */
export async function openSnapshot(
  database: Db,
  session: ClientSession,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const found = await guards(database)
    .find({ _id: { $in: [...ids] } }, { session })
    .toArray()
  return new Map(found.map((guard) => [guard._id, guard.mirrors]))
}

/**
 * Raises the guard of every entity, also when its document is equal or deleted: a stopped mirror that read an older
 * state must find its snapshot overtaken (A2, G6).
 */
export async function raiseGuards(
  database: Db,
  session: ClientSession,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    await guards(database).updateOne({ _id: id }, { $inc: { mirrors: 1 } }, { session, upsert: true })
  }
}

export function guardId(collection: string, entity: string): string {
  return `${collection}/${entity}`
}

/** Whether another mirror of the entity committed first, or is about to. */
export function isGuardConflict(error: unknown): boolean {
  return error instanceof MongoServerError && (error.code === writeConflict || isDuplicateGuard(error))
}

const namespaceExists = 48
const writeConflict = 112
const duplicateKey = 11_000

/** Two first mirrors of one entity insert its guard: the second is told so by the unique `_id`. */
function isDuplicateGuard(error: MongoServerError): boolean {
  return error.code === duplicateKey && error.message.includes(guardCollection)
}

function guards(database: Db) {
  return database.collection<Guard>(guardCollection)
}
