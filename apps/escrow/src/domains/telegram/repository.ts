import type { EntityId } from '../../platform/ids.ts'
import type { TelegramId, TelegramSession } from './model.ts'

export interface TelegramSessionRepository {
  /** By what is stored: one of `candidates` (the hash, or the plain token of the past). */
  findByToken(candidates: string[]): Promise<TelegramSession | null>
  /** Of a person, those that are open at `now`, in the order of ids. */
  openOf(userId: EntityId, now: Date): Promise<TelegramSession[]>
  /** Raises TELEGRAM_SESSION_TAKEN where another session has the token. */
  insert(session: TelegramSession): Promise<void>
  /** The person has signed in. */
  assign(id: EntityId, userId: EntityId, at: Date): Promise<void>
  end(id: EntityId, at: Date): Promise<void>
  /** Ends every session of a Telegram account; answers how many were active. */
  endAll(telegramUserId: TelegramId, at: Date): Promise<number>
  /** Removes at most `limit` of those past their time and answers how many; 0 where the store does so itself. */
  removeExpired(now: Date, limit: number): Promise<number>
}

/** Which updates the bot has received: each is taken once. */
export interface TelegramUpdateRepository {
  /** Raises TELEGRAM_REPLAY where it was recorded before. */
  record(update: { id: EntityId; updateId: string; at: Date }): Promise<void>
  /** Removes at most `limit` received before `before` and answers how many; 0 where the store does so itself. */
  removeExpired(before: Date, limit: number): Promise<number>
}
