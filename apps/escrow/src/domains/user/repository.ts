import type { EntityId } from '../../platform/ids.ts'
import type { StoredRefreshToken, User, UserChanges } from './model.ts'

export interface UserRepository {
  find(id: EntityId): Promise<User | null>
  /** In no particular order; ids that do not exist are left out. */
  findMany(ids: EntityId[]): Promise<User[]>
  /** By the stored text; whoever asks has lower-cased it. Of several, the one with the lowest id. */
  findByEmail(email: string): Promise<User | null>
  /** Active sellers, the newest first: by their id alone, which is dated, for old documents may lack a time. Reads only. */
  listSellers(page: { limit: number; offset: number }): Promise<User[]>
  countSellers(): Promise<number>
  findByReferralCode(code: string): Promise<User | null>
  /** Reads a user that this transaction is going to change; other transactions wait or run again. */
  lock(id: EntityId): Promise<User | null>
  /** Raises USER_EXISTS, REFERRAL_CODE_TAKEN. */
  insert(user: User): Promise<void>
  /** Raises USER_EXISTS, REFERRAL_CODE_TAKEN. */
  update(id: EntityId, changes: UserChanges, at: Date): Promise<void>
  /** Adds to a referrer's count in the store itself. */
  countReferral(id: EntityId, at: Date): Promise<void>
  /** The owner of a token that is stored as one of `candidates` (its hash, or the plain token of the past). */
  findByRefreshToken(candidates: string[]): Promise<User | null>
  refreshTokens(id: EntityId): Promise<StoredRefreshToken[]>
  /** Replaces all of a user's tokens. */
  saveRefreshTokens(id: EntityId, tokens: StoredRefreshToken[], at: Date): Promise<void>
}
