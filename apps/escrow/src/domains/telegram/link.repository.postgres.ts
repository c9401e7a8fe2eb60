import { and, asc, eq, type SQL } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import { violates } from '../../platform/postgres-error.ts'
import { linkTaken } from './errors.ts'
import type { TelegramLinkRepository } from './link.repository.ts'
import { origins, type TelegramLink, telegramIdOf } from './model.ts'
import { telegramLinks as table } from './schema.ts'

export function createTelegramLinkRepository(db: Database): TelegramLinkRepository {
  async function firstActive(where: SQL): Promise<TelegramLink | null> {
    const [row] = await db
      .select()
      .from(table)
      .where(and(where, eq(table.isActive, true)))
      .orderBy(asc(table.id))
      .limit(1)
    return row === undefined ? null : linkOf(row)
  }

  return {
    findActive: (telegramUserId) => firstActive(eq(table.telegramUserId, BigInt(telegramUserId))),
    findActiveOf: (userId) => firstActive(eq(table.userId, userId)),

    async insert({ telegramUserId, origin, ...link }) {
      await db
        .insert(table)
        .values({
          ...bornAt(link.id, link.createdAt ?? new Date()),
          ...link,
          telegramUserId: telegramUserId === null ? null : BigInt(telegramUserId),
          origin: origins.find((known) => known === origin),
        })
        .catch((error: unknown) => {
          const isTaken =
            violates(error, 'telegram_links_active_account_key') ||
            violates(error, 'telegram_links_active_user_key')
          throw isTaken ? linkTaken(error) : error
        })
    },

    async update(id, changes, at) {
      await db
        .update(table)
        .set({ ...changes, updatedAt: at })
        .where(eq(table.id, id))
    },
  }
}

export function linkOf(row: typeof table.$inferSelect): TelegramLink {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    telegramUserId: telegramIdOf(row.telegramUserId?.toString() ?? keptText(row.extra, 'telegramUserId')),
    userId: row.userId,
    username: text(row.username, 'username'),
    firstName: text(row.firstName, 'firstName'),
    lastName: text(row.lastName, 'lastName'),
    isActive: row.isActive,
    lastSeenAt: row.lastSeenAt,
    origin: text(row.origin, 'origin'),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
