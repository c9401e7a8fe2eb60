import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientSession, Connection, Model, mongo, QueryFilter, Types } from 'mongoose'
import { DomainError } from '../platform/errors.ts'
import type { EntityId } from '../platform/ids.ts'
import type { UnitStore } from '../platform/unit-store.ts'
import { objectIdOf } from './lenient.ts'

/** What a MongoDB repository is made of. */
export interface MongoUnitContext {
  connection: Connection
  /** The transaction's session; reads outside a transaction have none. */
  session?: ClientSession
  /** Every write reports the document that it changed: these are mirrored once the transaction has committed. */
  touched(collection: string, id: Types.ObjectId, elements?: TouchedElements): void
}

/**
 * Elements of arrays that grow without end (a chat's messages), by path: those that a write appended or changed in
 * place. Whoever tells any promises that it left the rest of these arrays alone; then only they are mirrored.
 */
export type TouchedElements = Readonly<Record<string, readonly Types.ObjectId[]>>

export interface TouchedDocument {
  collection: string
  id: Types.ObjectId
  /** Undefined where a write of the transaction did not tell. */
  elements?: TouchedElements
}

export interface MongoUnitOptions {
  /** Called after a commit that changed something. Must not throw: the caller's transaction stands already. */
  onCommit?: (touched: TouchedDocument[], operationTime: mongo.Timestamp | undefined) => Promise<void>
  attempts?: number
}

const transactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority' },
  readPreference: 'primary',
} as const

/** A unit whose data lies in MongoDB: snapshot transactions on the primary, written with majority. */
export function mongoUnitStore<Repositories extends object>(
  connection: Connection,
  makeRepositories: (context: MongoUnitContext) => Repositories,
  { onCommit, attempts = 8 }: MongoUnitOptions = {},
): UnitStore<Repositories> {
  return {
    read: makeRepositories({ connection, touched: refuseWrite }),
    async transaction(work) {
      const session = await connection.startSession({ defaultTransactionOptions: transactionOptions })
      try {
        const { result, touched } = await runUntilCommitted(session, attempts, async () => {
          const touched = new Map<string, TouchedDocument>()
          const result = await work(
            makeRepositories({
              connection,
              session,
              touched: (collection, id, elements) => {
                const key = `${collection}\0${id.toHexString()}`
                const known = touched.get(key)
                const all = known === undefined ? elements : bothElements(known.elements, elements)
                touched.set(key, { collection, id, ...(all === undefined ? {} : { elements: all }) })
              },
            }),
          )
          return { result, touched: [...touched.values()] }
        })
        if (touched.length > 0) await onCommit?.(touched, session.operationTime)
        return result
      } finally {
        await session.endSession()
      }
    },
  }
}

function bothElements(
  one: TouchedElements | undefined,
  other: TouchedElements | undefined,
): TouchedElements | undefined {
  if (one === undefined || other === undefined) return undefined
  const paths = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...paths].map((path) => [path, [...(one[path] ?? []), ...(other[path] ?? [])]]))
}

/** The driver's own `withTransaction` repeats for two minutes; a request wants an answer earlier. */
async function runUntilCommitted<T>(
  session: ClientSession,
  attempts: number,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      session.startTransaction()
      const result = await work()
      await commit(session)
      return result
    } catch (error) {
      if (session.inTransaction()) await session.abortTransaction()
      if (!hasLabel(error, 'TransientTransactionError')) throw error
      if (attempt >= attempts) throw contended(attempts, error)
      await sleep(Math.random() * 8 * 2 ** attempt)
    }
  }
}

async function commit(session: ClientSession): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await session.commitTransaction()
    } catch (error) {
      // Committing again is safe; running the work again would not be, the commit may have gone through.
      if (!hasLabel(error, 'UnknownTransactionCommitResult') || attempt >= 3) throw error
    }
  }
}

function hasLabel(error: unknown, label: string): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (
      'hasErrorLabel' in current &&
      typeof current.hasErrorLabel === 'function' &&
      current.hasErrorLabel(label)
    ) {
      return true
    }
  }
  return false
}

function refuseWrite(collection: string): never {
  throw new Error(`A write to ${collection} outside a transaction: use the unit's transaction().`)
}

function contended(attempts: number, cause: unknown): DomainError {
  return new DomainError({
    code: 'CONTENDED',
    status: 503,
    title: 'Too much traffic on one record',
    detail: `Other calls changed the same record ${attempts} times meanwhile; nothing was written. Try again.`,
    retryAfter: 1,
    cause,
  })
}

/** For repositories: tells of a document that a write is about to change, and gives the filter that finds it. */
export function touchIn(
  context: MongoUnitContext,
  { collectionName }: { collectionName: string },
): (id: EntityId) => { _id: Types.ObjectId } {
  return (id) => {
    const _id = objectIdOf(id)
    context.touched(collectionName, _id)
    return { _id }
  }
}

interface FoundId {
  _id: Types.ObjectId
}

/**
 * Deletes what `filter` finds. MongoDB's validators do not see deletes, so each document is changed first in the same
 * transaction: where the validator refuses writes (the unit's truth is in Postgres), it refuses the delete as well.
 */
export async function deleteTouched<Document>(
  model: Model<Document>,
  filter: QueryFilter<Document>,
  context: MongoUnitContext,
): Promise<number> {
  const collection = model.collection
  const found = await model.find(filter, { _id: 1 }, { session: context.session }).lean<FoundId[]>()
  const ids = found.map((document) => document._id)
  if (ids.length === 0) return 0
  for (const id of ids) context.touched(collection.collectionName, id)
  const byId = { _id: { $in: ids } }
  await collection.updateMany(byId, { $inc: { __v: 1 } }, { session: context.session })
  const { deletedCount } = await collection.deleteMany(byId, { session: context.session })
  return deletedCount
}
