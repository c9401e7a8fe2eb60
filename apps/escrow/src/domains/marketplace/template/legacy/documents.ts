import { withoutNulls } from '../../../../migration/document-changes.ts'
import {
  lenientAmount,
  lenientArray,
  lenientBoolean,
  lenientDate,
  lenientDocument,
  lenientDocuments,
  lenientId,
  lenientInteger,
  lenientText,
  lenientTexts,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { storedAmountOrNull } from '../../../../migration/stored-amount.ts'
import { parseId } from '../../../../platform/ids.ts'
import { type Amount, compareAmounts, zeroAmount } from '../../../../platform/money.ts'
import type { NewTemplate, RequestTemplate, TemplatePatch } from '../model.ts'
import type { RequestTemplateDocument } from './model.mongo.ts'

/** The template that a document tells, whatever lies in it. */
export function templateOf(document: RequestTemplateDocument): RequestTemplate {
  const budget = lenientDocument(document.budget)
  const delivery = lenientDocument(document.deliveryInfo)
  return {
    id: parseId(document._id.toHexString()),
    sellerId: lenientId(document.sellerId),
    title: lenientText(document.title),
    description: lenientText(document.description),
    categoryId: lenientId(document.categoryId),
    productType: lenientText(document.productType),
    productLink: lenientText(document.productLink),
    size: lenientText(document.size),
    color: lenientText(document.color),
    brand: lenientText(document.brand),
    quantity: atLeast(1, lenientInteger(document.quantity)),
    budget: {
      min: notNegative(lenientAmount(budget.min)),
      max: notNegative(lenientAmount(budget.max)),
      currency: lenientText(budget.currency),
    },
    urgency: lenientText(document.urgency),
    delivery: {
      type: lenientText(delivery.deliveryType),
      notes: lenientText(delivery.notes),
      email: lenientText(delivery.email),
    },
    shareableLink: lenientText(document.shareableLink),
    proposal: lenientText(document.proposal),
    isActive: lenientBoolean(document.isActive),
    usageCount: atLeast(0, lenientInteger(document.usageCount)),
    maxUsage: lenientInteger(document.maxUsage),
    expiresAt: lenientDate(document.expiresAt),
    useShopDefault: lenientBoolean(lenientDocument(document.paymentConfig).useShopDefault),
    specifications: lenientDocuments(document.specifications).map((element) => ({
      key: lenientText(element.key),
      value: lenientText(element.value),
      label: lenientText(element.label),
    })),
    tags: lenientTexts(document.tags),
    images: lenientTexts(document.images),
    attachments: lenientTexts(document.attachments),
    allowedChains: integersOf(document.allowedChains),
    allowedTokens: lenientTexts(document.allowedTokens),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

/** The document of a new template. */
export function documentOf({ id, sellerId, shareableLink, at, ...content }: NewTemplate) {
  const { deliveryInfo, budget, paymentConfig, ...fields } = nested(changedPaths(content))
  return withoutNulls({
    _id: objectIdOf(id),
    sellerId: objectIdOf(sellerId),
    ...withoutNulls(fields),
    deliveryInfo: withoutNulls(lenientDocument(deliveryInfo)),
    budget: withoutNulls(lenientDocument(budget)),
    paymentConfig: withoutNulls(lenientDocument(paymentConfig)),
    shareableLink,
    usageCount: 0,
    createdAt: at,
    updatedAt: at,
  })
}

/** What a patch says, by the document's paths; undefined leaves a path alone, null empties it. */
export function changedPaths(patch: TemplatePatch): Record<string, unknown> {
  const { categoryId, budget, deliveryType, deliveryNotes, deliveryEmail, useShopDefault, ...fields } = patch
  return {
    ...fields,
    categoryId: categoryId && objectIdOf(categoryId),
    specifications: patch.specifications?.map((element) => withoutNulls({ ...element })),
    'budget.min': budget && storedAmountOrNull(budget.min),
    'budget.max': budget && storedAmountOrNull(budget.max),
    'budget.currency': budget?.currency,
    'deliveryInfo.deliveryType': deliveryType,
    'deliveryInfo.notes': deliveryNotes,
    'deliveryInfo.email': deliveryEmail,
    'paymentConfig.useShopDefault': useShopDefault,
  }
}

/**
 * The same where an old document holds no document at `budget`, `deliveryInfo` or `paymentConfig`: nothing can be set
 * inside such a value, so it is replaced.
 */
export function changesFor(stored: Record<string, unknown>, changes: Record<string, unknown>) {
  const isInside = (path: string) => {
    const [parent, ...rest] = path.split('.')
    if (rest.length === 0 || parent === undefined) return true
    const value = stored[parent]
    return value === undefined || Object.keys(lenientDocument(value)).length > 0
  }
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined)
  const replaced = nested(Object.fromEntries(entries.filter(([path]) => !isInside(path))))
  return {
    ...Object.fromEntries(entries.filter(([path]) => isInside(path))),
    ...Object.fromEntries(
      Object.entries(replaced).map(([path, value]) => [path, withoutNulls(lenientDocument(value))]),
    ),
  }
}

/** `{ 'a.b': 1 }` as `{ a: { b: 1 } }`. */
function nested(changes: Record<string, unknown>): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(changes)) {
    const [parent = path, member] = path.split('.')
    document[parent] =
      member === undefined ? value : { ...lenientDocument(document[parent]), [member]: value }
  }
  return document
}

/** The numbers of an array that is a column of its own; none at all where something else lies among them. */
function integersOf(value: unknown): number[] {
  const elements = lenientArray(value).filter((element) => element !== null)
  const numbers = elements.map(lenientInteger)
  return numbers.every((number) => number !== null) ? numbers : []
}

/** The table refuses less, and shows none in its place. */
function atLeast(least: number, number: number | null): number | null {
  return number !== null && number >= least ? number : null
}

function notNegative(amount: Amount | null): Amount | null {
  return amount !== null && compareAmounts(amount, zeroAmount) >= 0 ? amount : null
}
