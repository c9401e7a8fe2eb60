import { serverError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { abortTransaction } from '../transactions/open-transaction.ts'
import type { Client } from '../wire/connection.ts'

/** How many documents went back to an older state. */
export interface FailOver {
  readonly rolledBack: number
}

/**
 * Plays the loss of the primary and the election of another: whatever is open ends, what no majority holds is gone, as
 * if it had never been, and every connection is cut but the one that asked for it.
 */
export async function failOver(server: ServerState, asking: Client): Promise<FailOver> {
  // What is being written to the file would otherwise be published after its numbers have been given away again.
  await server.store.kept()
  for (const operation of [...server.operations.all()]) {
    if (operation.connectionId !== asking.id) operation.controller.abort(steppedDown())
  }
  for (const { transaction } of server.sessions.all())
    if (transaction !== undefined) abortTransaction(server, transaction)
  // A change stream's place in the log may lie in what is rolled back: it resumes by its token.
  server.cursors.killWhere(() => true)
  const rolledBack = server.store.rollBack()
  server.term++
  server.connections.cutAll(asking)
  await server.store.kept()
  return { rolledBack }
}

function steppedDown() {
  return serverError(
    11602,
    'InterruptedDueToReplStateChange',
    'operation was interrupted: the primary stepped down',
  )
}
