import { randomBytes } from 'node:crypto'
import { Long } from 'bson'
import { serverError } from '../server-error.ts'
import type { Batch } from './batch.ts'

/** What a cursor reads on: a finished result, a change stream, or the end of a capped collection. */
export interface CursorSource {
  /** The next documents, at most `limit`; waits up to `waitMs` where more may come. */
  next(limit: number, waitMs: number, signal: AbortSignal): Promise<Batch>
  readonly exhausted: boolean
  readonly isChangeStream: boolean
  /** Whether it waits at its end for what comes later. */
  readonly awaitsData: boolean
}

export interface Cursor {
  readonly id: Long
  readonly ns: string
  readonly source: CursorSource
  readonly sessionKey: string | undefined
  readonly txnNumber: bigint | undefined
  /** Asked for with `noCursorTimeout`. */
  readonly staysIdle: boolean
  /** Ends a wait when the cursor is killed. */
  readonly killed: AbortController
  lastUse: number
}

export class CursorRegistry {
  readonly #cursors = new Map<string, Cursor>()
  /** cursorTimeoutMillis of a mongod. Cursors of a session end with that instead. */
  idleMs = 600_000

  add(details: Pick<Cursor, 'ns' | 'source' | 'sessionKey' | 'txnNumber' | 'staysIdle'>): Cursor {
    const cursor: Cursor = {
      ...details,
      id: newCursorId(),
      killed: new AbortController(),
      lastUse: Date.now(),
    }
    this.#cursors.set(cursor.id.toString(), cursor)
    return cursor
  }

  /** @throws ServerError CursorNotFound */
  get(id: Long): Cursor {
    const cursor = this.#cursors.get(id.toString())
    if (cursor === undefined) throw serverError(43, 'CursorNotFound', `cursor id ${id} not found`)
    cursor.lastUse = Date.now()
    return cursor
  }

  kill(id: Long): boolean {
    const cursor = this.#cursors.get(id.toString())
    if (cursor === undefined) return false
    this.#cursors.delete(id.toString())
    cursor.killed.abort(serverError(237, 'CursorKilled', 'cursor was killed'))
    return true
  }

  killWhere(condition: (cursor: Cursor) => boolean): void {
    for (const cursor of [...this.#cursors.values()]) if (condition(cursor)) this.kill(cursor.id)
  }

  killIdle(now = Date.now()): void {
    this.killWhere(
      ({ lastUse, sessionKey, staysIdle }) =>
        sessionKey === undefined && !staysIdle && now - lastUse > this.idleMs,
    )
  }

  all(): Iterable<Cursor> {
    return this.#cursors.values()
  }
}

/** Positive and not 0, which stands for "no cursor"; hard to guess, so that a stale id meets nothing. */
function newCursorId(): Long {
  const bytes = randomBytes(8)
  return new Long(bytes.readInt32LE(0) || 1, bytes.readInt32LE(4) & 0x7fffffff)
}
