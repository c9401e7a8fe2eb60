import { and, asc, eq, gt, inArray, lt, lte } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import { violates } from '../../platform/postgres-error.ts'
import { replayed, sessionTaken } from './errors.ts'
import { type TelegramSession, telegramIdOf } from './model.ts'
import type { TelegramSessionRepository, TelegramUpdateRepository } from './repository.ts'
import { telegramSessions as table, telegramUpdates } from './schema.ts'

export function createTelegramSessionRepository(db: Database): TelegramSessionRepository {
  return {
    async findByToken(candidates) {
      const [row] = await db
        .select()
        .from(table)
        .where(inArray(table.token, candidates))
        .orderBy(asc(table.id))
        .limit(1)
      return row === undefined ? null : sessionOf(row)
    },

    async openOf(userId, now) {
      const rows = await db
        .select()
        .from(table)
        .where(and(eq(table.userId, userId), eq(table.isActive, true), gt(table.expiresAt, now)))
        .orderBy(asc(table.id))
      return rows.map(sessionOf)
    },

    async insert({ telegramUserId, ...session }) {
      await db
        .insert(table)
        .values({
          ...bornAt(session.id, session.createdAt ?? new Date()),
          ...session,
          telegramUserId: telegramUserId === null ? null : BigInt(telegramUserId),
        })
        .catch((error: unknown) => {
          throw violates(error, 'telegram_sessions_token_key') ? sessionTaken(error) : error
        })
    },

    async assign(id, userId, at) {
      await db.update(table).set({ userId, updatedAt: at }).where(eq(table.id, id))
    },

    async end(id, at) {
      await db.update(table).set({ isActive: false, updatedAt: at }).where(eq(table.id, id))
    },

    async endAll(telegramUserId, at) {
      const { rowCount } = await db
        .update(table)
        .set({ isActive: false, updatedAt: at })
        .where(and(eq(table.telegramUserId, BigInt(telegramUserId)), eq(table.isActive, true)))
      return rowCount ?? 0
    },

    async removeExpired(now, limit) {
      const expired = db
        .select({ id: table.id })
        .from(table)
        .where(lte(table.expiresAt, now))
        .orderBy(table.expiresAt)
        .limit(limit)
        .for('update', { skipLocked: true })
      const { rowCount } = await db.delete(table).where(inArray(table.id, expired))
      return rowCount ?? 0
    },
  }
}

export function createTelegramUpdateRepository(db: Database): TelegramUpdateRepository {
  return {
    async record({ id, updateId, at }) {
      await db
        .insert(telegramUpdates)
        .values({ ...bornAt(id, at), updateId: BigInt(updateId), receivedAt: at })
        .catch((error: unknown) => {
          throw violates(error, 'telegram_updates_update_id_key') ? replayed(error) : error
        })
    },

    async removeExpired(before, limit) {
      const expired = db
        .select({ id: telegramUpdates.id })
        .from(telegramUpdates)
        .where(lt(telegramUpdates.receivedAt, before))
        .orderBy(telegramUpdates.receivedAt)
        .limit(limit)
        .for('update', { skipLocked: true })
      const { rowCount } = await db.delete(telegramUpdates).where(inArray(telegramUpdates.id, expired))
      return rowCount ?? 0
    },
  }
}

export function sessionOf(row: typeof table.$inferSelect): TelegramSession {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    token: text(row.token, 'token'),
    telegramUserId: telegramIdOf(row.telegramUserId?.toString() ?? keptText(row.extra, 'telegramUserId')),
    userId: row.userId,
    initDataFingerprint: text(row.initDataFingerprint, 'initDataFingerprint'),
    authDate: row.authDate,
    source: text(row.source, 'source'),
    expiresAt: row.expiresAt,
    isActive: row.isActive,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
