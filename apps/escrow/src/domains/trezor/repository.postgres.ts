import { and, asc, eq, ne, type SQL, sql } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import type { EntityId } from '../../platform/ids.ts'
import { violates } from '../../platform/postgres-error.ts'
import { trezorActiveExists, trezorAddressTaken } from './errors.ts'
import type { TrezorAccount } from './model.ts'
import type { TrezorRepository } from './repository.ts'
import { accountOf, type TrezorAccountRow } from './row.ts'
import { trezorAccounts as table, trezorAddresses } from './schema.ts'

/** Trezor accounts in Postgres. */
export function createTrezorRepository(db: Database): TrezorRepository {
  async function withAddresses(rows: TrezorAccountRow[]): Promise<TrezorAccount[]> {
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const addresses = await db
      .select()
      .from(trezorAddresses)
      .where(sql`${trezorAddresses.accountId} = any(${sql.param(ids)}::uuid[])`)
      .orderBy(asc(trezorAddresses.accountId), asc(trezorAddresses.ordinal))
    const byAccount = Map.groupBy(addresses, ({ accountId }) => accountId)
    return rows.map((row) => accountOf(row, byAccount.get(row.id) ?? []))
  }

  async function one(where: SQL | undefined, lock = false): Promise<TrezorAccount | null> {
    const query = db.select().from(table).where(where).orderBy(asc(table.id)).limit(1)
    const [found] = await withAddresses(lock ? await query.for('update') : await query)
    return found ?? null
  }

  return {
    find: (id) => one(eq(table.id, id)),
    findActive: (userId) => one(activeOf(userId)),
    findActiveForUpdate: (userId) => one(activeOf(userId), true),

    async listByXpub(xpub) {
      return withAddresses(await db.select().from(table).where(eq(table.xpub, xpub)).orderBy(asc(table.id)))
    },

    findByPayment: (paymentId) =>
      one(sql`${table.id} in (select account_id from ${trezorAddresses} where payment_id = ${paymentId})`),

    async insert(account) {
      const { id, at } = account
      await db
        .insert(table)
        .values({ ...account, ...bornAt(id, at), nextAddressIndex: 1, isActive: true, origin: 'app' })
        .catch(refuseWrite)
    },

    async update(id, patch, at) {
      await db
        .update(table)
        .set({ ...patch, updatedAt: at })
        .where(eq(table.id, id))
        .catch(refuseWrite)
    },

    async deactivateOthers(userId, except, at) {
      await db
        .update(table)
        .set({ isActive: false, updatedAt: at })
        .where(and(activeOf(userId), except === null ? undefined : ne(table.id, except)))
    },

    async addAddress(id, address) {
      const next = sql<number>`(select coalesce(max(ordinal) + 1, 0) from ${trezorAddresses} where account_id = ${id})`
      await db
        .insert(trezorAddresses)
        .values({ ...address, accountId: id, ordinal: next })
        .catch(refuseWrite)
    },
  }
}

/** Also those that lost their column to another active account, and keep their state in `extra`. */
function activeOf(userId: EntityId): SQL | undefined {
  const isActive = sql`coalesce(${table.isActive}, ${table.extra} -> 'isActive' -> 'value' = 'true'::jsonb)`
  return and(eq(table.userId, userId), isActive)
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'trezor_accounts_active_key')) throw trezorActiveExists(error)
  const taken = ['index', 'address', 'payment'].some((what) =>
    violates(error, `trezor_addresses_${what}_key`),
  )
  throw taken ? trezorAddressTaken(error) : error
}
