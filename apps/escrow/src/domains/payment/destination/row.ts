import { readReference } from '../../../platform/columns.ts'
import { keptText } from '../../../platform/extra.ts'
import type { DerivedDestination, Sweep } from './model.ts'
import type { derivedDestinationSweeps, derivedDestinations } from './schema.ts'

export type DestinationRow = typeof derivedDestinations.$inferSelect
export type SweepRow = typeof derivedDestinationSweeps.$inferSelect

/** The destination that its rows tell; where a column is null, old words that the row keeps beside it are shown. */
export function destinationOf(row: DestinationRow, sweeps: SweepRow[]): DerivedDestination {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    buyerId: row.buyerId,
    seller: readReference(row.sellerRefKind, row.sellerId, row.sellerExternalRef),
    sellerOffer: readReference(row.sellerOfferRefKind, row.sellerOfferId, row.sellerOfferExternalRef),
    chainId: row.chainId,
    address: shown(row.address, 'address'),
    derivationIndex: row.derivationIndex,
    path: shown(row.path, 'path'),
    status: shown(row.status, 'status'),
    lastBalance: row.lastBalance,
    sweeps: sweeps.map(sweepOf),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function sweepOf(row: SweepRow): Sweep {
  return { txHash: row.txHash ?? keptText(row.extra, 'txHash'), amount: row.amount, at: row.at }
}
