import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import * as requestSchema from '../../apps/escrow/src/domains/marketplace/request/schema.ts'
import * as paymentSchema from '../../apps/escrow/src/domains/payment/schema.ts'

/** The application's Drizzle tables that documents are copied into, by their SQL names. */
export const drizzleTables: ReadonlyMap<string, PgTable> = new Map(
  [...Object.values<unknown>(paymentSchema), ...Object.values<unknown>(requestSchema)]
    .filter((value) => is(value, PgTable))
    .map((table) => [getTableConfig(table).name, table]),
)
