import type { EntityId } from '../../platform/ids.ts'
import type { TempVerification } from './model.ts'

export interface TempVerificationRepository {
  /** By the lower-cased address; a sign-up that this transaction may change: others wait or run again. */
  lockByEmail(email: string): Promise<TempVerification | null>
  /** Writes it, whether or not there is one for its e-mail address already (that one keeps its id). */
  save(verification: TempVerification): Promise<void>
  remove(id: EntityId): Promise<void>
  /** Removes at most `limit` of those past their expiry and answers how many; 0 where the store does so itself. */
  removeExpired(now: Date, limit: number): Promise<number>
}
