import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Extra } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptValue } from '../../platform/extra.ts'
import type { StoredRefreshToken } from './model.ts'
import type { UserRepository } from './repository.ts'
import { userOf } from './rows.postgres.ts'
import { userRefreshTokens, users } from './schema.ts'

type RefreshTokens = Pick<UserRepository, 'findByRefreshToken' | 'refreshTokens' | 'saveRefreshTokens'>

/**
 * Tokens are child rows, except for the plain strings of the past: those came over as they were, in the user's `extra`,
 * until the first save turns them into rows.
 */
export function createRefreshTokens(db: Database): RefreshTokens {
  return {
    async findByRefreshToken(candidates) {
      const owners = db
        .select({ id: userRefreshTokens.userId })
        .from(userRefreshTokens)
        .where(inArray(userRefreshTokens.tokenHash, candidates))
      const [row] = await db.select().from(users).where(inArray(users.id, owners)).limit(1)
      if (row !== undefined) return userOf(row)
      const [old] = await db.select().from(users).where(keepsOneOf(candidates)).limit(1)
      return old === undefined ? null : userOf(old)
    },

    async refreshTokens(id) {
      const rows = await db
        .select()
        .from(userRefreshTokens)
        .where(eq(userRefreshTokens.userId, id))
        .orderBy(asc(userRefreshTokens.ordinal))
      if (rows.length > 0) return rows.flatMap(tokenOf)
      const [user] = await db.select({ extra: users.extra }).from(users).where(eq(users.id, id))
      return plainTokens(user?.extra ?? null)
    },

    async saveRefreshTokens(id, tokens, at) {
      await db.delete(userRefreshTokens).where(eq(userRefreshTokens.userId, id))
      if (tokens.length > 0) {
        await db
          .insert(userRefreshTokens)
          .values(tokens.map((token, ordinal) => ({ userId: id, ordinal, ...token })))
      }
      await db
        .update(users)
        .set({ extra: sql`nullif(${users.extra} - 'refreshTokens', '{}'::jsonb)`, updatedAt: at })
        .where(eq(users.id, id))
    },
  }
}

/** Served by the expression index `users_kept_tokens_idx`. */
function keepsOneOf(candidates: string[]) {
  const list = sql.join(
    candidates.map((candidate) => sql`${candidate}`),
    sql`, `,
  )
  return sql`${users.extra} is not null and (${users.extra} #> '{refreshTokens,value}') ?| array[${list}]::text[]`
}

function tokenOf(row: typeof userRefreshTokens.$inferSelect): StoredRefreshToken[] {
  const { tokenHash, family, usedAt, expiresAt, userAgent } = row
  return tokenHash === null ? [] : [{ tokenHash, family, usedAt, expiresAt, userAgent }]
}

function plainTokens(extra: Extra | null): StoredRefreshToken[] {
  const kept = keptValue(extra, 'refreshTokens')
  if (!Array.isArray(kept)) return []
  return kept
    .filter((token) => typeof token === 'string')
    .map((tokenHash) => ({ tokenHash, family: null, usedAt: null, expiresAt: null, userAgent: null }))
}
