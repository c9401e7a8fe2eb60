import { type Document, Long } from 'bson'
import { serverError } from '../server-error.ts'
import { rollbackStaged } from '../storage/stage-write.ts'
import type { Store } from '../storage/store.ts'
import { createWriteUnit, type WriteUnit } from '../storage/write-unit.ts'
import type { NamespaceLocks } from './namespace-locks.ts'
import type { Session } from './session-registry.ts'

/** transactionLifetimeLimitSeconds of a mongod. */
export const TRANSACTION_LIFETIME_MS = 60_000

export type TransactionState = 'open' | 'committed' | 'aborted'

/** A multi-document transaction of a session, from its first operation on. */
export interface OpenTransaction {
  readonly session: Session
  readonly txnNumber: bigint
  readonly startedAt: Date
  readonly readConcern: Document
  state: TransactionState
  /** Opened with the first operation that reads or writes: that is the moment of the snapshot. */
  unit: WriteUnit
  /** Namespaces whose shared lock the transaction holds until its end. */
  readonly locked: Set<string>
}

export interface TransactionWorld {
  readonly store: Store
  readonly locks: NamespaceLocks
}

export function startTransaction(
  { store }: TransactionWorld,
  session: Session,
  readConcern: Document,
): OpenTransaction {
  const transaction: OpenTransaction = {
    session,
    txnNumber: session.txnNumber,
    startedAt: new Date(),
    readConcern,
    state: 'open',
    unit: store.openUnit({ keepsSnapshot: true }),
    locked: new Set(),
  }
  session.transaction = transaction
  return transaction
}

/** Makes the writes visible. A commit of what is committed already answers as the first one did. */
export function commitTransaction(world: TransactionWorld, transaction: OpenTransaction): void {
  if (transaction.state === 'committed') return
  const { session, txnNumber, unit } = transaction
  try {
    session.committedAt = world.store.commit(unit, {
      lsid: session.lsid,
      txnNumber: Long.fromBigInt(txnNumber),
    })
  } catch (error) {
    abortTransaction(world, transaction)
    throw error
  }
  finish(world, transaction, 'committed')
}

export function abortTransaction(world: TransactionWorld, transaction: OpenTransaction): void {
  if (transaction.state !== 'open') return
  rollbackStaged(transaction.unit)
  finish(world, transaction, 'aborted')
}

/** 251: the client must begin its transaction anew. */
export function noSuchTransaction(message: string) {
  return serverError(251, 'NoSuchTransaction', message, { labels: ['TransientTransactionError'] })
}

/** The transaction was ended from outside (its time was over, its session was killed) while it was being used. */
export function transactionEnded({ txnNumber }: OpenTransaction) {
  return noSuchTransaction(`Transaction with { txnNumber: ${txnNumber} } has been aborted.`)
}

function finish(world: TransactionWorld, transaction: OpenTransaction, state: TransactionState): void {
  transaction.state = state
  world.store.closeUnit(transaction.unit)
  // The session keeps the ended transaction for retries of the commit, but nothing of what it wrote.
  transaction.unit = createWriteUnit(transaction.unit.snapshot)
  for (const ns of transaction.locked) world.locks.release(ns, transaction)
  transaction.locked.clear()
}
