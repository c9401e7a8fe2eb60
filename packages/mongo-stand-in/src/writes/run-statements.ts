import { type Document, Int32 } from 'bson'
import type { CommandContext } from '../commands/context.ts'
import { ServerError } from '../server-error.ts'
import { WriteConflict } from '../storage/write-conflict.ts'
import { abortTransaction } from '../transactions/open-transaction.ts'

export interface StatementResults {
  /** By statement; undefined for one that failed or was not reached. */
  readonly results: Array<Document | undefined>
  readonly writeErrors: Document[]
}

/**
 * Runs the statements of a write command in turn. A failed one is told in `writeErrors` and ends an ordered command;
 * in a transaction it ends the transaction too.
 */
export async function runStatements<T>(
  context: CommandContext,
  items: readonly T[],
  ordered: boolean,
  run: (item: T, number: number) => Promise<Document>,
): Promise<StatementResults> {
  const results: Array<Document | undefined> = []
  const writeErrors: Document[] = []
  for (const [number, item] of items.entries()) {
    try {
      results[number] = await run(item, number)
    } catch (error) {
      if (!isStatementError(error)) throw error
      writeErrors.push({ index: new Int32(number), ...errorFields(error) })
      if (context.transaction !== undefined) {
        abortTransaction(context.server, context.transaction)
        break
      }
      if (ordered) break
    }
  }
  return { results, writeErrors }
}

export function errorFields(error: ServerError): Document {
  return { code: new Int32(error.code), ...error.extra, errmsg: error.message }
}

/** Conflicts, interruptions and time limits end the whole command; everything else is one statement's own trouble. */
function isStatementError(error: unknown): error is ServerError {
  return (
    error instanceof ServerError &&
    !(error instanceof WriteConflict) &&
    ![50, 11601, 237, 24, 246].includes(error.code)
  )
}
