import { type Document, Long } from 'bson'
import { type CommandContext, maxTimeExpired, timeLeft } from '../commands/context.ts'
import type { WriteOrigin } from '../storage/log-entry.ts'
import { rollbackStaged } from '../storage/stage-write.ts'
import { WriteConflict } from '../storage/write-conflict.ts'
import type { WriteUnit } from '../storage/write-unit.ts'
import { transactionEnded } from '../transactions/open-transaction.ts'

/**
 * Runs one write to its end. In a transaction it becomes part of that, and a conflict is the client's to handle;
 * outside it commits by itself, after waiting for whoever holds what it wants to write, as a mongod does.
 *
 * `body` stages its writes in the unit, without waiting, and returns the statement's result. It may run several times.
 */
export async function writeStatement(
  context: CommandContext,
  number: number,
  body: (unit: WriteUnit) => Document,
): Promise<Document> {
  const { transaction } = context
  if (transaction !== undefined) {
    // Between two statements somebody may have ended it: nothing may be written into what is over.
    if (transaction.state !== 'open') throw transactionEnded(transaction)
    return body(transaction.unit)
  }
  const session = context.retryable ? context.session : undefined
  const known = session?.statements.get(number)
  if (known !== undefined) return known.result
  const { store } = context.server
  for (;;) {
    const unit = store.openUnit({ keepsSnapshot: false })
    try {
      const result = body(unit)
      const wrote = unit.operations.length > 0
      const at = store.commit(unit, wrote ? origin(context, number, result) : undefined)
      // What wrote nothing may simply run again.
      if (wrote) session?.statements.set(number, { result, at })
      return result
    } catch (error) {
      rollbackStaged(unit)
      if (!(error instanceof WriteConflict)) throw error
      await conflictPassed(context, error)
    }
  }
}

function origin(
  { retryable, session }: CommandContext,
  number: number,
  result: Document,
): WriteOrigin | undefined {
  if (!retryable || session === undefined) return undefined
  return { lsid: session.lsid, txnNumber: Long.fromBigInt(session.txnNumber), statement: { number, result } }
}

async function conflictPassed(context: CommandContext, { holder }: WriteConflict): Promise<void> {
  if (holder === undefined) return
  const { signal } = context.operation.controller
  const left = timeLeft(context)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = left === undefined ? undefined : setTimeout(() => reject(maxTimeExpired()), left)
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort)
  holder.ended.then(resolve, reject)
  try {
    await promise
    signal.throwIfAborted()
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
