import type { Document } from 'mongodb'
import { isLostConnection } from './lost-connection.ts'
import { RULES, Violation } from './violation.ts'

/** All documents of the test's database: collection, then the `_id` as text. */
export type DatabaseState = ReadonlyMap<string, ReadonlyMap<string, Document>>

/** Writers that know what the server must hold after what they have done. */
export interface Workload {
  /** Each does one operation when called, and gives false if the round is over for it: its outcome is in doubt. */
  readonly lanes: ReadonlyArray<() => Promise<boolean>>
  /** Holds the state against what is known, and learns what became of operations in doubt. */
  settle(state: DatabaseState): void
  /** Removes what only this round needed. */
  tidy(): Promise<void>
}

export const IN_DOUBT = Symbol('in doubt')

/** The reply, or that the connection was lost before one came: then the write may have been done, once at most. */
export async function replyOrDoubt<T>(send: () => Promise<T>): Promise<T | typeof IN_DOUBT> {
  try {
    return await send()
  } catch (error) {
    if (isLostConnection(error)) return IN_DOUBT
    if (error instanceof Violation) throw error
    throw new Violation(RULES.errors, String(error), { cause: error })
  }
}
