import { and, asc, count, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { withoutKept } from '../../platform/extra.ts'
import type { EntityId } from '../../platform/ids.ts'
import { violates } from '../../platform/postgres-error.ts'
import { emailTaken, referralCodeTaken } from './errors.ts'
import type { User, UserChanges } from './model.ts'
import { createRefreshTokens } from './refresh-tokens.postgres.ts'
import type { UserRepository } from './repository.ts'
import { clearedPaths, columnsOf, userOf } from './rows.postgres.ts'
import { users } from './schema.ts'

export function createUserRepository(db: Database): UserRepository {
  async function first(query: Promise<(typeof users.$inferSelect)[]>): Promise<User | null> {
    const [row] = await query
    return row === undefined ? null : userOf(row)
  }
  const byId = (id: EntityId) => eq(users.id, id)

  return {
    ...createRefreshTokens(db),

    find: (id) => first(db.select().from(users).where(byId(id))),

    async findMany(ids) {
      if (ids.length === 0) return []
      return (await db.select().from(users).where(inArray(users.id, ids))).map(userOf)
    },

    findByEmail: (email) =>
      first(
        db
          .select()
          .from(users)
          // The first part is what the index answers, the second keeps to the stored spelling, as MongoDB does.
          .where(or(and(eq(sql`lower(${users.email})`, email), eq(users.email, email)), keptEmailIs(email)))
          .orderBy(asc(users.id))
          .limit(1),
      ),

    async listSellers({ limit, offset }) {
      const found = db.select().from(users).where(isSeller()).orderBy(desc(users.id))
      return (await found.limit(limit).offset(offset)).map(userOf)
    },

    async countSellers() {
      const [row] = await db.select({ count: count() }).from(users).where(isSeller())
      return row?.count ?? 0
    },

    findByReferralCode: (code) => first(db.select().from(users).where(eq(users.referralCode, code))),

    lock: (id) => first(db.select().from(users).where(byId(id)).for('update')),

    async insert({ id, createdAt, updatedAt, ...fields }) {
      const at = createdAt ?? new Date()
      const row = { ...bornAt(id, at), updatedAt, ...columnsOf(fields) }
      await db.insert(users).values(row).catch(refuseWrite)
    },

    async update(id, changes, at) {
      await db
        .update(users)
        .set({ ...columnsOf(changes), ...forgetCleared(changes), updatedAt: at })
        .where(byId(id))
        .catch(refuseWrite)
    },

    async countReferral(id, at) {
      await db
        .update(users)
        .set({ totalReferrals: sql`coalesce(${users.totalReferrals}, 0) + 1`, updatedAt: at })
        .where(byId(id))
    },
  }
}

function forgetCleared(changes: UserChanges) {
  const cleared = clearedPaths(changes)
  return cleared.length === 0 ? {} : { extra: withoutKept(users.extra, cleared) }
}

function keptEmailIs(email: string) {
  return and(
    isNull(users.email),
    sql`${users.extra} is not null and (${users.extra} #>> '{email,value}') = ${email}`,
  )
}

/** Nothing at all as a status is active; what `extra` keeps for it is a word that nobody knows any more. */
function isSeller() {
  const noStatus = and(isNull(users.status), sql`(${users.extra} #>> '{status,value}') is null`)
  return and(eq(users.role, 'seller'), or(eq(users.status, 'active'), noStatus))
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'users_email_key')) throw emailTaken(error)
  if (violates(error, 'users_referral_code_key')) throw referralCodeTaken(error)
  throw error
}
