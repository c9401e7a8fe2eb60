import type { Document } from 'bson'
import { serverError } from './server-error.ts'
import type { OpenTransaction } from './transactions/open-transaction.ts'
import type { Session } from './transactions/session-registry.ts'

/** A command that runs now. */
export interface Operation {
  readonly id: number
  readonly name: string
  readonly ns: string
  readonly command: Document
  readonly connectionId: number
  readonly appName: string | undefined
  readonly startedAt: number
  /** Fires when somebody kills the operation or its client is gone. */
  readonly controller: AbortController
  session: Session | undefined
  transaction: OpenTransaction | undefined
}

/** What runs now, for `$currentOp` and `killOp`. */
export class OperationRegistry {
  #lastId = 0
  readonly #running = new Map<number, Operation>()

  begin(details: Pick<Operation, 'name' | 'ns' | 'command' | 'connectionId' | 'appName'>): Operation {
    const operation: Operation = {
      ...details,
      id: ++this.#lastId,
      startedAt: Date.now(),
      controller: new AbortController(),
      session: undefined,
      transaction: undefined,
    }
    this.#running.set(operation.id, operation)
    return operation
  }

  end(operation: Operation): void {
    this.#running.delete(operation.id)
  }

  /** Ends whatever the operation waits for. */
  kill(id: number): void {
    this.#running.get(id)?.controller.abort(serverError(11601, 'Interrupted', 'operation was interrupted'))
  }

  all(): Iterable<Operation> {
    return this.#running.values()
  }
}
