import { keptText } from '../../../platform/extra.ts'
import { readAmount } from '../../../platform/money.ts'
import type { SellerOffer } from './model.ts'
import type { sellerOffers } from './schema.ts'

/** The offer that a row tells; where a column is null, old words that the row keeps beside it are shown. */
export function offerOf(row: typeof sellerOffers.$inferSelect): SellerOffer {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    sellerId: row.sellerId,
    purchaseRequestId: row.purchaseRequestId,
    title: shown(row.title, 'title'),
    description: shown(row.description, 'description'),
    price: {
      amount: row.priceAmount === null ? null : readAmount(row.priceAmount),
      currency: shown(row.priceCurrency, 'price.currency'),
    },
    priceVersion: row.priceVersion,
    deliveryTime: {
      amount: row.deliveryTimeAmount,
      unit: shown(row.deliveryTimeUnit, 'deliveryTime.unit'),
    },
    status: shown(row.status, 'status'),
    // Typed as texts, but old arrays hold nulls, too.
    attachments: (row.attachments ?? []).filter((attachment) => attachment !== null),
    notes: shown(row.notes, 'notes'),
    validUntil: row.validUntil,
    requireAmlCheck: row.requireAmlCheck,
    amlBlockOnFailure: row.amlBlockOnFailure,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
