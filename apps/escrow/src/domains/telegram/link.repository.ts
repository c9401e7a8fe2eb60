import type { EntityId } from '../../platform/ids.ts'
import type { LinkChanges, TelegramId, TelegramLink } from './model.ts'

export interface TelegramLinkRepository {
  /** Of several active links of old, the one with the lowest id. */
  findActive(telegramUserId: TelegramId): Promise<TelegramLink | null>
  /** Of several active links of old, the one with the lowest id. */
  findActiveOf(userId: EntityId): Promise<TelegramLink | null>
  /** Raises TELEGRAM_LINK_TAKEN where the Telegram account or the user has an active one already. */
  insert(link: TelegramLink): Promise<void>
  update(id: EntityId, changes: LinkChanges, at: Date): Promise<void>
}
