import { type Document, Long } from 'bson'
import type { Command } from '../commands/command.ts'
import { booleanField, documentField } from '../commands/fields.ts'
import { badValue, serverError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import {
  abortTransaction,
  noSuchTransaction,
  type OpenTransaction,
  startTransaction,
} from '../transactions/open-transaction.ts'
import { beginNumber, type Session } from '../transactions/session-registry.ts'

/**
 * Finds the transaction that the command belongs to, or starts it. A command with a number but without
 * `autocommit: false` is a retryable write: only the number is taken.
 */
export function enterTransaction(
  server: ServerState,
  command: Command,
  request: Document,
  session: Session | undefined,
): OpenTransaction | undefined {
  if (request.txnNumber === undefined) return undefined
  if (session === undefined)
    throw serverError(72, 'InvalidOptions', 'Transaction number requires a session ID to be specified')
  if (!(request.txnNumber instanceof Long)) throw badValue('txnNumber must be a long')
  const number = request.txnNumber.toBigInt()
  if (number < session.txnNumber) {
    throw serverError(
      225,
      'TransactionTooOld',
      `Cannot start transaction with { txnNumber: ${number} } on session ${session.key} because a newer transaction with txnNumber ${session.txnNumber} has already started.`,
    )
  }
  const isTransaction = booleanField(request, 'autocommit') === false
  const starts = isTransaction && booleanField(request, 'startTransaction') === true
  if (number > session.txnNumber) {
    if (isTransaction && !starts) throw noMatch(number)
    const earlier = session.transaction
    if (earlier !== undefined) abortTransaction(server, earlier)
    beginNumber(session, number)
  } else if (starts && !isRestart(session)) {
    throw serverError(
      117,
      'ConflictingOperationInProgress',
      `Given transaction number ${number} does not match any in-progress transactions. The active transaction number is ${session.txnNumber}`,
    )
  }
  if (!isTransaction) {
    if (session.transaction?.state === 'open')
      throw serverError(50768, 'NotARetryableWriteCommand', 'txnNumber belongs to a transaction')
    return undefined
  }
  if (!command.inTransaction) {
    throw serverError(
      263,
      'OperationNotSupportedInTransaction',
      `Cannot run '${command.name}' in a multi-document transaction.`,
    )
  }
  if (starts) return startTransaction(server, session, documentField(request, 'readConcern') ?? {})
  return joinTransaction(command, session, number)
}

/** A start with the number of a transaction that has been aborted begins it anew. */
function isRestart({ transaction, statements, committedAt }: Session): boolean {
  return (
    committedAt === undefined &&
    statements.size === 0 &&
    (transaction === undefined || transaction.state === 'aborted')
  )
}

function joinTransaction({ name }: Command, session: Session, number: bigint): OpenTransaction | undefined {
  const { transaction } = session
  const ends = name === 'commitTransaction' || name === 'abortTransaction'
  if (transaction === undefined) {
    // Committed by an earlier process: the commit's retry learns so, everything else is too late.
    if (session.committedAt !== undefined && ends) return undefined
    throw session.committedAt !== undefined ? alreadyCommitted(number) : noMatch(number)
  }
  if (ends || transaction.state === 'open') return transaction
  if (transaction.state === 'committed') throw alreadyCommitted(number)
  throw noSuchTransaction(`Transaction with { txnNumber: ${number} } has been aborted.`)
}

function noMatch(number: bigint) {
  return noSuchTransaction(`Given transaction number ${number} does not match any in-progress transactions.`)
}

function alreadyCommitted(number: bigint) {
  return serverError(
    256,
    'TransactionCommitted',
    `Transaction with { txnNumber: ${number} } has been committed.`,
  )
}
