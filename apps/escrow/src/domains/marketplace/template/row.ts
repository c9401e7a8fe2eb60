import { keptText } from '../../../platform/extra.ts'
import { type Amount, readAmount } from '../../../platform/money.ts'
import type { RequestTemplate } from './model.ts'
import type { requestTemplateSpecifications, requestTemplates } from './schema.ts'

export type TemplateRow = typeof requestTemplates.$inferSelect
export type SpecificationRow = typeof requestTemplateSpecifications.$inferSelect

/** The template that rows tell; where a column is null, old words that the row keeps beside it are shown. */
export function templateOf(row: TemplateRow, specifications: readonly SpecificationRow[]): RequestTemplate {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    sellerId: row.sellerId,
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
    delivery: {
      type: shown(row.deliveryType, 'deliveryInfo.deliveryType'),
      notes: shown(row.deliveryNotes, 'deliveryInfo.notes'),
      email: shown(row.deliveryEmail, 'deliveryInfo.email'),
    },
    shareableLink: shown(row.shareableLink, 'shareableLink'),
    proposal: shown(row.proposal, 'proposal'),
    isActive: row.isActive,
    usageCount: row.usageCount,
    maxUsage: row.maxUsage,
    expiresAt: row.expiresAt,
    useShopDefault: row.useShopDefault,
    specifications: specifications.map(({ extra, ...element }) => ({
      key: element.key ?? keptText(extra, 'key'),
      value: element.value ?? keptText(extra, 'value'),
      label: element.label ?? keptText(extra, 'label'),
    })),
    tags: listed(row.tags),
    images: listed(row.images),
    attachments: listed(row.attachments),
    allowedChains: listed(row.allowedChains),
    allowedTokens: listed(row.allowedTokens),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** Typed without nulls, but old arrays hold them, too. */
function listed<Element>(column: Element[] | null): Element[] {
  return (column ?? []).filter((element) => element !== null)
}

/** The driver hands `numeric` over with all its zeros. */
function canonical(amount: Amount | null): Amount | null {
  return amount === null ? null : readAmount(amount)
}
