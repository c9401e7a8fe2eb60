import { createHash } from 'node:crypto'
import { Binary, type Document, Long } from 'bson'
import { indexKey } from '../bson/compare.ts'
import { badValue } from '../server-error.ts'
import { type ClusterTime, fromTimestamp, toTimestamp } from '../storage/cluster-clock.ts'
import type { WriteOrigin } from '../storage/log-entry.ts'
import type { RetryRecords, SessionState } from '../storage/retry-records.ts'
import type { OpenTransaction } from './open-transaction.ts'

/** Without access control every user is the empty one; its digest is part of a session's id as others see it. */
const NOBODY = new Binary(createHash('sha256').update('').digest())

export const SESSION_TIMEOUT_MINUTES = 30

/** What a statement of a retryable write answered, and when it was done. */
export interface StatementResult {
  readonly result: Document
  readonly at: ClusterTime
}

/** A logical session. What a retry must find again is kept here and, through the file, across restarts. */
export interface Session {
  readonly key: string
  /** `{ id, uid }`, as change events and `$currentOp` show it. */
  readonly lsid: Document
  lastUse: number
  /** Who used the session last, as `$currentOp` shows it of an idle one. */
  lastClient: { readonly connectionId: number; readonly appName: string | undefined } | undefined
  /** The highest transaction number seen; retryable writes and transactions share the numbers. */
  txnNumber: bigint
  /** Results of the statements of the retryable write with that number. */
  statements: Map<number, StatementResult>
  /** The transaction with that number, open or ended. */
  transaction: OpenTransaction | undefined
  /** When that number was committed as a transaction, by this process or by an earlier one. */
  committedAt: ClusterTime | undefined
  /** Settles when the operation that uses the session now is through: operations of one session go one by one. */
  busy: Promise<void>
}

export class SessionRegistry implements RetryRecords {
  readonly #sessions = new Map<string, Session>()

  /** The session of an lsid; made at first use. */
  open(lsid: Document): Session {
    const key = sessionKey(lsid)
    let session = this.#sessions.get(key)
    if (session === undefined) {
      session = {
        key,
        lsid: { id: copyOf(lsid.id), uid: NOBODY },
        lastUse: 0,
        lastClient: undefined,
        txnNumber: -1n,
        statements: new Map(),
        transaction: undefined,
        committedAt: undefined,
        busy: Promise.resolve(),
      }
      this.#sessions.set(key, session)
    }
    session.lastUse = Date.now()
    return session
  }

  find(lsid: Document): Session | undefined {
    return this.#sessions.get(sessionKey(lsid))
  }

  all(): Iterable<Session> {
    return this.#sessions.values()
  }

  forget(session: Session): void {
    this.#sessions.delete(session.key)
  }

  /** A session is as old as what the file knows of it: one that has aged out ends soon after the start. */
  replay({ lsid, txnNumber, statement }: WriteOrigin, wall: Date, at: ClusterTime): void {
    const session = this.open(lsid)
    session.lastUse = wall.getTime()
    beginNumber(session, txnNumber.toBigInt())
    if (statement === undefined) session.committedAt = at
    else session.statements.set(statement.number, { result: statement.result, at })
  }

  restore({ lsid, txnNumber, lastUse, committedAt, statements }: SessionState): void {
    const session = this.open(lsid)
    session.lastUse = lastUse.getTime()
    beginNumber(session, txnNumber.toBigInt())
    if (committedAt !== undefined) session.committedAt = fromTimestamp(committedAt)
    for (const { number, result, at } of statements)
      session.statements.set(number, { result, at: fromTimestamp(at) })
  }

  undoAfter(time: ClusterTime): void {
    for (const session of this.#sessions.values()) {
      for (const [number, { at }] of session.statements) if (at > time) session.statements.delete(number)
      if (session.committedAt === undefined || session.committedAt <= time) continue
      session.committedAt = undefined
      session.transaction = undefined
    }
  }

  capture(): SessionState[] {
    const oldest = Date.now() - SESSION_TIMEOUT_MINUTES * 60_000
    return [...this.#sessions.values()]
      .filter(({ txnNumber, lastUse }) => txnNumber >= 0n && lastUse >= oldest)
      .map(({ lsid, txnNumber, lastUse, committedAt, statements }) => ({
        lsid,
        txnNumber: Long.fromBigInt(txnNumber),
        lastUse: new Date(lastUse),
        ...(committedAt === undefined ? {} : { committedAt: toTimestamp(committedAt) }),
        statements: [...statements].map(([number, { result, at }]) => ({
          number,
          result,
          at: toTimestamp(at),
        })),
      }))
  }
}

/** Moves the session on to a higher number; what belonged to the lower one is over. */
export function beginNumber(session: Session, txnNumber: bigint): void {
  if (txnNumber <= session.txnNumber) return
  session.txnNumber = txnNumber
  session.statements = new Map()
  session.transaction = undefined
  session.committedAt = undefined
}

function sessionKey(lsid: Document): string {
  if (!(lsid.id instanceof Binary))
    throw badValue("BSON field 'lsid.id' is the wrong type or missing, expected a UUID")
  return indexKey(lsid.id)
}

/** Decoded binary values are views of the message they came in, which need not live as long as the session. */
function copyOf(id: Binary): Binary {
  return new Binary(Buffer.from(id.buffer.subarray(0, id.position)), id.sub_type)
}
