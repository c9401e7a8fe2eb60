import { and, eq, ne, or, sql } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText, keptValue, withoutKept } from '../../platform/extra.ts'
import { violates } from '../../platform/postgres-error.ts'
import { primaryAddressTaken } from './errors.ts'
import { type Address, addressTypes } from './model.ts'
import type { AddressRepository } from './repository.ts'
import { addresses as table } from './schema.ts'

export function createAddressRepository(db: Database): AddressRepository {
  return {
    async insert(address) {
      const addressType = addressTypes.find((known) => known === address.addressType)
      const born = bornAt(address.id, address.createdAt ?? new Date())
      await db
        .insert(table)
        .values({ ...born, ...address, addressType })
        .catch(refuseWrite)
    },

    async find(id) {
      const [row] = await db.select().from(table).where(eq(table.id, id))
      return row === undefined ? null : addressOf(row)
    },

    async listOf(userId) {
      const rows = await db.select().from(table).where(eq(table.userId, userId)).orderBy(table.id)
      return rows.map(addressOf)
    },

    async update(id, changes, at) {
      const cleared = Object.entries(changes).flatMap(([path, value]) => (value === null ? [path] : []))
      await db
        .update(table)
        .set({ ...changes, updatedAt: at, extra: withoutKept(table.extra, cleared) })
        .where(eq(table.id, id))
        .catch(refuseWrite)
    },

    async demoteOthers(userId, except, at) {
      // A statement of its own, so that the next one sees what the transaction before has committed.
      await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`address-primary:${userId}`}, 0))`)
      const isPrimary = or(
        eq(table.primary, true),
        // An old twin that lost the column to another address.
        and(sql`${table.primary} is null`, sql`${table.extra} #> '{primary,value}' = 'true'::jsonb`),
      )
      await db
        .update(table)
        .set({ primary: false, updatedAt: at })
        .where(and(eq(table.userId, userId), ne(table.id, except), isPrimary))
    },

    async remove(id) {
      await db.delete(table).where(eq(table.id, id))
    },
  }
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'addresses_primary_key')) throw primaryAddressTaken(error)
  throw error
}

export function addressOf(row: typeof table.$inferSelect): Address {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    userId: row.userId,
    name: text(row.name, 'name'),
    phoneNumber: text(row.phoneNumber, 'phoneNumber'),
    fullAddress: text(row.fullAddress, 'fullAddress'),
    city: text(row.city, 'city'),
    state: text(row.state, 'state'),
    country: text(row.country, 'country'),
    zipCode: text(row.zipCode, 'zipCode'),
    addressType: text(row.addressType, 'addressType'),
    // A second primary one of the past has it in `extra`, and was shown as primary too.
    primary: row.primary ?? keptBoolean(keptValue(row.extra, 'primary')),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function keptBoolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null
}
