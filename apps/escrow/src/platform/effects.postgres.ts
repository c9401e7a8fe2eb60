import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import { bornAt } from './columns.ts'
import type { Database } from './database.ts'
import type { InboxTable, OutboxTable } from './effects.schema.ts'
import type { Effect, EffectStore, Receipt } from './effects.ts'
import { newId } from './ids.ts'

/** A unit's effects in Postgres. */
export function createEffectStore(db: Database, outbox: OutboxTable, inbox: InboxTable): EffectStore {
  return {
    async emit(effect) {
      await db
        .insert(outbox)
        .values({ ...bornAt(newId(effect.at), effect.at), ...effect, attempts: 0 })
        .onConflictDoNothing({ target: [outbox.type, outbox.key] })
    },

    async pending(limit, now) {
      const rows = await db
        .select()
        .from(outbox)
        .where(and(isNull(outbox.deliveredAt), or(isNull(outbox.notBefore), lte(outbox.notBefore, now))))
        .orderBy(asc(outbox.at), asc(outbox.id))
        .limit(limit)
      return rows.map(effectOf)
    },

    async markDelivered(id, at) {
      await db
        .update(outbox)
        .set({ deliveredAt: at, notBefore: null, lastError: null, updatedAt: at })
        .where(eq(outbox.id, id))
    },

    async postpone(id, { error, until }) {
      await db
        .update(outbox)
        .set({ attempts: sql`${outbox.attempts} + 1`, notBefore: until, lastError: error.slice(0, 500) })
        .where(eq(outbox.id, id))
    },

    async received(effectId) {
      const [row] = await db.select().from(inbox).where(eq(inbox.effectId, effectId))
      return row === undefined ? null : receiptOf(row)
    },

    async recordReceived(receipt) {
      await db.insert(inbox).values({ ...bornAt(newId(receipt.at), receipt.at), ...receipt })
    },
  }
}

function effectOf(row: OutboxTable['$inferSelect']): Effect {
  const { id, type, key, payload, at, deliveredAt, attempts, notBefore, lastError } = row
  return { id, type, key, payload, at, deliveredAt, attempts, notBefore, lastError }
}

function receiptOf(row: InboxTable['$inferSelect']): Receipt {
  const { effectId, type, outcome, reason, at } = row
  return { effectId, type, outcome, reason, at }
}
