import { sql } from 'drizzle-orm'
import {
  foreignKey,
  index,
  integer,
  jsonb,
  pgSequence,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import {
  baseUnits,
  type Extra,
  entityColumns,
  entityId,
  enumCheck,
  instant,
  referenceCheck,
  referenceColumns,
} from '../../../platform/columns.ts'
import { destinationStatuses } from './vocabulary.ts'

/** Gives every destination its index. It only grows; a move between the stores carries it over. */
export const derivedDestinationIndex = pgSequence('derived_destination_index', {
  startWith: 1,
  increment: 1,
  minValue: 1,
  // Hardened children begin here, which a public key cannot derive.
  maxValue: 2_147_483_647,
  cache: 1,
})

/** Addresses that were derived for payments: one for each buyer, offer and chain. */
export const derivedDestinations = pgTable(
  'derived_destinations',
  {
    ...entityColumns(),
    buyerId: entityId('buyer_id'),
    ...referenceColumns('seller'),
    ...referenceColumns('sellerOffer'),
    chainId: integer('chain_id'),
    address: text('address'),
    derivationIndex: integer('derivation_index'),
    path: text('path'),
    status: text('status', { enum: destinationStatuses }),
    lastBalance: baseUnits('last_balance'),
  },
  (table) => [
    // NULLS NOT DISTINCT over the columns of the reference: of the two that tell an offer, one is always null. A row
    // whose offer is kept in `extra` is not bound, so that more than two old ones of one key can cross.
    uniqueIndex('derived_destinations_key').on(
      table.buyerId,
      sql`coalesce(${table.sellerOfferId}::text, ${table.sellerOfferExternalRef})`,
      table.chainId,
    ),
    uniqueIndex('derived_destinations_index_key').on(table.derivationIndex),
    uniqueIndex('derived_destinations_address_key').on(table.chainId, sql`lower(${table.address})`),
    index('derived_destinations_status_idx').on(table.status),
    referenceCheck('derived_destinations', 'seller', table),
    referenceCheck('derived_destinations', 'sellerOffer', table),
    enumCheck('derived_destinations', 'status', table.status, destinationStatuses),
  ],
)

/** What was taken from an address. Old rows repeat transactions, so nothing is unique here. */
export const derivedDestinationSweeps = pgTable(
  'derived_destination_sweeps',
  {
    destinationId: entityId('destination_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    extra: jsonb('extra').$type<Extra>(),
    txHash: text('tx_hash'),
    amount: baseUnits('amount'),
    at: instant('swept_at'),
  },
  (table) => [
    primaryKey({ name: 'derived_destination_sweeps_pkey', columns: [table.destinationId, table.ordinal] }),
    foreignKey({
      name: 'derived_destination_sweeps_destination_fk',
      columns: [table.destinationId],
      foreignColumns: [derivedDestinations.id],
    }),
  ],
)
