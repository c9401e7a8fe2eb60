import { sql } from 'drizzle-orm'
import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, enumCheck } from '../../platform/columns.ts'
import { addressTypes } from './model.ts'

/** A migration of references between units adds the one to people. */
export const addresses = pgTable(
  'addresses',
  {
    ...entityColumns(),
    userId: entityId('user_id'),
    name: text('name'),
    phoneNumber: text('phone_number'),
    fullAddress: text('full_address'),
    city: text('city'),
    state: text('state'),
    country: text('country'),
    zipCode: text('zip_code'),
    addressType: text('address_type', { enum: addressTypes }),
    primary: boolean('is_primary'),
  },
  (table) => [
    enumCheck('addresses', 'address_type', table.addressType, addressTypes),
    index('addresses_user_idx').on(table.userId, table.primary.desc()),
    uniqueIndex('addresses_primary_key').on(table.userId).where(sql`${table.primary}`),
  ],
)
