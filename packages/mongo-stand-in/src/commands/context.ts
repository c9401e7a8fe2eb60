import type { Document } from 'bson'
import type { Operation } from '../operations.ts'
import { type ServerError, serverError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import type { ClusterTime } from '../storage/cluster-clock.ts'
import { Collection } from '../storage/collection.ts'
import { LATEST, type ReadView } from '../storage/stored-record.ts'
import type { LockWait } from '../transactions/namespace-locks.ts'
import { type OpenTransaction, transactionEnded } from '../transactions/open-transaction.ts'
import type { Session } from '../transactions/session-registry.ts'
import { assertNoView } from '../views/view-definition.ts'
import type { Client } from '../wire/connection.ts'
import { assertMayBeCreated } from './collection-name.ts'
import { stringField } from './fields.ts'

/** maxTransactionLockRequestTimeoutMillis of a mongod: transactions do not queue, they fail and begin anew. */
const TRANSACTION_LOCK_MS = 5

/** What a command knows of its request. */
export interface CommandContext {
  readonly server: ServerState
  readonly command: Document
  readonly name: string
  readonly db: string
  readonly client: Client
  readonly operation: Operation
  readonly rawDocuments: Uint8Array[] | undefined
  readonly session: Session | undefined
  readonly transaction: OpenTransaction | undefined
  /** Whether the statements are numbered, so that a retry does not do them twice. */
  readonly retryable: boolean
  /** When maxTimeMS ends, in milliseconds of the wall clock. */
  readonly deadline: number | undefined
  /** The past time that the read concern asks for. */
  readonly readAt: ClusterTime | undefined
  /** Namespaces locked by this operation, to be released at its end. */
  readonly locked: Set<string>
}

/** The namespace that the command's first field names in its database. */
export function targetNamespace(context: CommandContext, field = context.name): string {
  return namespace(context.db, stringField(context.command, field))
}

export function namespace(db: string, name: string): string {
  if (name === '' || name.includes('\0'))
    throw serverError(73, 'InvalidNamespace', `Invalid namespace specified '${db}.${name}'`)
  return `${db}.${name}`
}

export function readView({ transaction, readAt }: CommandContext): ReadView {
  if (transaction !== undefined) return { unit: transaction.unit }
  return readAt === undefined ? LATEST : { at: readAt }
}

/** The collection, kept as {@link useEntry} says. @throws ServerError CommandNotSupportedOnView if it is a view */
export async function useCollection(context: CommandContext, ns: string): Promise<Collection | undefined> {
  const entry = await useEntry(context, ns)
  assertNoView(entry)
  return entry
}

/**
 * The collection or view, which nobody changes in the catalog before the operation (or its transaction) ends. Waits
 * behind a catalog change that waits itself.
 */
export async function useEntry(context: CommandContext, ns: string): Promise<Collection | undefined> {
  const { transaction, server, operation } = context
  if (transaction !== undefined) {
    await server.locks.acquire(ns, 'shared', transaction, lockWait(context))
    if (transaction.state !== 'open') {
      server.locks.release(ns, transaction)
      throw transactionEnded(transaction)
    }
    transaction.locked.add(ns)
    const collection = transaction.unit.created.get(ns) ?? server.store.catalog.get(ns)
    assertOlderThanSnapshot(collection, transaction)
    return collection
  }
  await server.locks.acquire(ns, 'shared', operation, lockWait(context))
  context.locked.add(ns)
  return server.store.catalog.get(ns)
}

/**
 * The entry to write to; a collection that does not exist is created, in a transaction as part of it. That it is no
 * view is for each statement to check, as that is an error of the statement.
 */
export async function useOrCreateEntry(context: CommandContext, ns: string): Promise<Collection> {
  const known = await useEntry(context, ns)
  return known ?? createCollection(context, ns, {})
}

/** Creates a collection that is known not to exist. */
export function createCollection(
  { server, transaction }: CommandContext,
  ns: string,
  options: Document,
): Collection {
  assertMayBeCreated(ns)
  const { store } = server
  if (transaction !== undefined) {
    const collection = Collection.create(ns, options, 0n)
    transaction.unit.created.set(ns, collection)
    return collection
  }
  const { uuid } = Collection.create(ns, options, 0n)
  store.changeCatalog('create', ns, { uuid, options })
  return store.catalog.get(ns) ?? unreachable()
}

/** Waits until no operation and no open transaction uses the namespace, and keeps others out until the end. */
export async function lockExclusively(context: CommandContext, ns: string): Promise<void> {
  await context.server.locks.acquire(ns, 'exclusive', context.operation, lockWait(context))
  context.locked.add(ns)
}

/** 50: the client's maxTimeMS has passed. */
export function maxTimeExpired(): ServerError {
  return serverError(50, 'MaxTimeMSExpired', 'operation exceeded time limit')
}

/** Milliseconds until maxTimeMS ends; undefined without one. */
export function timeLeft({ deadline }: CommandContext): number | undefined {
  return deadline === undefined ? undefined : Math.max(0, deadline - Date.now())
}

function lockWait(context: CommandContext): LockWait {
  const { signal } = context.operation.controller
  if (context.transaction === undefined)
    return { timeoutMs: timeLeft(context), onTimeout: maxTimeExpired, signal }
  return {
    timeoutMs: TRANSACTION_LOCK_MS,
    onTimeout: () =>
      serverError(
        24,
        'LockTimeout',
        `Unable to acquire lock within a max lock request timeout of '${TRANSACTION_LOCK_MS}ms' milliseconds.`,
      ),
    signal,
  }
}

/** A snapshot from before a catalog change would see documents under rules that are not theirs. */
function assertOlderThanSnapshot(collection: Collection | undefined, { unit }: OpenTransaction): void {
  if (collection === undefined || collection.changedAt <= unit.snapshot) return
  throw serverError(
    246,
    'SnapshotUnavailable',
    `Unable to read from a snapshot due to pending collection catalog changes to ${collection.ns}; please retry the operation.`,
  )
}

function unreachable(): never {
  throw new Error('A collection that was just created is in the catalog')
}
