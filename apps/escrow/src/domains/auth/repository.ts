import type { EntityId } from '../../platform/ids.ts'
import type { TempVerification } from './model.ts'

export interface TempVerificationRepository {
  /** By the lower-cased address; a sign-up that this transaction may change: others wait or run again. */
  lockByEmail(email: string): Promise<TempVerification | null>
  /** Writes it, whether or not there is one for its e-mail address already (that one keeps its id). */
  save(verification: TempVerification): Promise<void>
  remove(id: EntityId): Promise<void>
}
