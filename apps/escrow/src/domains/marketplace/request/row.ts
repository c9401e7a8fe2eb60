import type { InferSelectModel } from 'drizzle-orm'
import { keptText } from '../../../platform/extra.ts'
import { type Amount, readAmount } from '../../../platform/money.ts'
import type { PurchaseRequestSummary } from './model.ts'
import type { purchaseRequests } from './schema.ts'

export type RequestRow = InferSelectModel<typeof purchaseRequests>

/** The summary that a row tells; where a column is null, old words that the row keeps beside it are shown. */
export function summaryOf(row: RequestRow): PurchaseRequestSummary {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    buyerId: row.buyerId,
    title: shown(row.title, 'title'),
    description: shown(row.description, 'description'),
    categoryId: row.categoryId,
    productType: shown(row.productType, 'productType'),
    productLink: shown(row.productLink, 'productLink'),
    size: shown(row.size, 'size'),
    color: shown(row.color, 'color'),
    brand: shown(row.brand, 'brand'),
    quantity: row.quantity,
    budget: {
      min: canonical(row.budgetMin),
      max: canonical(row.budgetMax),
      currency: shown(row.budgetCurrency, 'budget.currency'),
    },
    urgency: shown(row.urgency, 'urgency'),
    status: shown(row.status, 'status'),
    isPublic: row.isPublic,
    selectedOfferId: row.selectedOfferId,
    shippedAt: row.shippedAt,
    delivery: {
      type: shown(row.deliveryType, 'deliveryInfo.deliveryType'),
      address: row.deliveryAddress ?? null,
      email: shown(row.deliveryEmail, 'deliveryInfo.email'),
      code: shown(row.deliveryCode, 'deliveryInfo.deliveryCode'),
      codeGeneratedAt: row.deliveryCodeGeneratedAt,
      codeExpiresAt: row.deliveryCodeExpiresAt,
      codeUsed: row.deliveryCodeUsed,
      codeUsedAt: row.deliveryCodeUsedAt,
      date: row.deliveryDate,
    },
    releaseHold: row.releaseHold,
    disputed: row.disputed,
    templateId: row.templateId,
    cancelReason: shown(row.cancelReason, 'cancelReason'),
    cancelledBy: row.cancelledBy,
    completedAt: row.completedAt,
    inspectionEndsAt: row.inspectionEndsAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** The driver hands `numeric` over with all its zeros. */
function canonical(amount: Amount | null): Amount | null {
  return amount === null ? null : readAmount(amount)
}
