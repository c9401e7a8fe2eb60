import type { EntityId } from '../../../platform/ids.ts'
import type { Amount } from '../../../platform/money.ts'
import type { NewPurchaseRequest, PurchaseRequestSummary, Specification } from '../request/model.ts'

/** What a seller offers ready-made: a buyer makes a purchase request of it. Old words may stand anywhere. */
export interface RequestTemplate
  extends Pick<
    PurchaseRequestSummary,
    | 'id'
    | 'title'
    | 'description'
    | 'categoryId'
    | 'productType'
    | 'productLink'
    | 'size'
    | 'color'
    | 'brand'
    | 'quantity'
    | 'budget'
    | 'urgency'
    | 'createdAt'
    | 'updatedAt'
  > {
  sellerId: EntityId | null
  /** The seller decides how it is delivered; where to is the buyer's to say. */
  delivery: { type: string | null; notes: string | null; email: string | null }
  /** The last part of the link by which buyers come. */
  shareableLink: string | null
  /** The text of the offer that a checkout makes. */
  proposal: string | null
  isActive: boolean | null
  usageCount: number | null
  /** Null, zero and less: no limit. */
  maxUsage: number | null
  expiresAt: Date | null
  useShopDefault: boolean | null
  specifications: Specification[]
  tags: string[]
  images: string[]
  attachments: string[]
  allowedChains: number[]
  allowedTokens: string[]
}

/** What a seller says of a template. */
export interface TemplateContent
  extends Pick<
    NewPurchaseRequest,
    | 'title'
    | 'description'
    | 'categoryId'
    | 'productType'
    | 'productLink'
    | 'size'
    | 'color'
    | 'brand'
    | 'quantity'
    | 'budget'
    | 'urgency'
    | 'deliveryType'
    | 'deliveryEmail'
    | 'specifications'
    | 'tags'
  > {
  deliveryNotes: string | null
  proposal: string | null
  isActive: boolean
  maxUsage: number | null
  expiresAt: Date | null
  useShopDefault: boolean
  images: string[]
  attachments: string[]
  allowedChains: number[]
  allowedTokens: string[]
}

export interface NewTemplate extends TemplateContent {
  id: EntityId
  sellerId: EntityId
  shareableLink: string
  at: Date
}

/** Fields that a command may change; absent ones stay as they are, null empties one. */
export type TemplatePatch = Partial<TemplateContent>

export interface TemplateFilter {
  sellerId?: EntityId
  /** Those that can be used at this time: active and not past their end. Whether any use is left is not asked. */
  openAt?: Date
}

/** A seller and how many templates of theirs are open. */
export interface SellerOfTemplates {
  sellerId: EntityId
  templates: number
}

/** The price of a template: what it asks for at most, or at least where it says no more. */
export function priceOf({ budget }: Pick<RequestTemplate, 'budget'>): Amount | null {
  return budget.max ?? budget.min
}

/** Whether a template can be used at this time, by its switch and its end. */
export function isOpenAt(template: Pick<RequestTemplate, 'isActive' | 'expiresAt'>, at: Date): boolean {
  return template.isActive === true && (template.expiresAt === null || template.expiresAt > at)
}

/** Whether all uses that the limit allows are over. Old counts may lie above their limit. */
export function isUsedUp({
  usageCount,
  maxUsage,
}: Pick<RequestTemplate, 'usageCount' | 'maxUsage'>): boolean {
  return maxUsage !== null && maxUsage > 0 && (usageCount ?? 0) >= maxUsage
}
