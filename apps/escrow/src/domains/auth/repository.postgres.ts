import { eq, inArray, lte } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import type { TempVerification } from './model.ts'
import type { TempVerificationRepository } from './repository.ts'
import { tempVerifications as table } from './schema.ts'

export function createTempVerificationRepository(db: Database): TempVerificationRepository {
  return {
    async lockByEmail(email) {
      const [row] = await db.select().from(table).where(eq(table.email, email)).for('update')
      return row === undefined ? null : verificationOf(row)
    },

    async save({ role, ...verification }) {
      const { id, createdAt, ...changes } = {
        ...verification,
        role: table.role.enumValues.find((known) => known === role) ?? null,
      }
      await db
        .insert(table)
        .values({ ...bornAt(id, createdAt ?? new Date()), ...changes })
        .onConflictDoUpdate({ target: table.email, set: changes })
    },

    async remove(id) {
      await db.delete(table).where(eq(table.id, id))
    },

    async removeExpired(now, limit) {
      const expired = db
        .select({ id: table.id })
        .from(table)
        .where(lte(table.emailVerificationCodeExpires, now))
        .orderBy(table.emailVerificationCodeExpires)
        .limit(limit)
        .for('update', { skipLocked: true })
      const { rowCount } = await db.delete(table).where(inArray(table.id, expired))
      return rowCount ?? 0
    },
  }
}

export function verificationOf(row: typeof table.$inferSelect): TempVerification {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    email: text(row.email, 'email'),
    password: text(row.password, 'password'),
    firstName: text(row.firstName, 'firstName'),
    lastName: text(row.lastName, 'lastName'),
    role: text(row.role, 'role'),
    referralCode: text(row.referralCode, 'referralCode'),
    emailVerificationCode: text(row.emailVerificationCode, 'emailVerificationCode'),
    emailVerificationCodeExpires: row.emailVerificationCodeExpires,
    attempts: row.attempts,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
