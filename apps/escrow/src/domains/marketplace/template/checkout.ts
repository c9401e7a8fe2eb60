import type { Actor } from '../../../platform/auth-guard.ts'
import type { Clock } from '../../../platform/clock.ts'
import { forbidden, notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import { type Amount, isPositive } from '../../../platform/money.ts'
import type { RequestRepositories, Units } from '../../../units.ts'
import { createUserReadModel } from '../../user/index.ts'
import { createCategoryReadModel } from '../category/index.ts'
import {
  type BudgetCurrency,
  budgetCurrencies,
  deliveryTypes,
  type PurchaseRequest,
  productTypes,
  urgencies,
} from '../request/index.ts'
import { templateNotOpen, templateUsedUp } from './errors.ts'
import type { CheckoutInput } from './input.ts'
import { isOpenAt, priceOf, type RequestTemplate } from './model.ts'

export interface Checkout {
  request: PurchaseRequest
  /** The seller's offer at the template's price: what a payment intent names. */
  offerId: EntityId
}

export interface Checkouts {
  /**
   * A buyer takes a template: the use is counted, and a request that waits for its payment is made together with the
   * seller's offer. Raises NOT_FOUND, FORBIDDEN for one's own template, TEMPLATE_NOT_OPEN, TEMPLATE_USED_UP.
   */
  checkout(buyer: Actor, id: EntityId, input: CheckoutInput): Promise<Checkout>
}

/** A template does not say how long it takes; its offer promises a week. */
const DELIVERY_TIME = { amount: 7, unit: 'days' } as const

export function createCheckouts(options: {
  units: Pick<Units, 'request' | 'category' | 'user'>
  clock: Clock
}): Checkouts {
  const { units, clock } = options
  const categories = createCategoryReadModel(units)
  const users = createUserReadModel(units)

  /** What other units know is asked before the transaction: only they say whether it is still so. */
  async function assertStanding(template: Buyable): Promise<void> {
    const [names, people] = await Promise.all([
      categories.names([template.categoryId]),
      users.summaries([template.sellerId]),
    ])
    if (!names.has(template.categoryId)) throw templateNotOpen(template.id, 'has a category that is gone')
    if (people.get(template.sellerId)?.isActive !== true) {
      throw templateNotOpen(template.id, 'has a seller who is gone')
    }
  }

  return {
    async checkout(buyer, id, input) {
      await assertStanding(buyable(await units.request.read.templates.find(id), id, clock.now()))
      return units.request.transaction(async (repositories) => {
        const at = clock.now()
        const template = buyable(await repositories.templates.findForUpdate(id), id, at)
        if (template.sellerId === buyer.id) throw forbidden('Nobody buys from a template of their own.')
        if (!(await repositories.templates.countUse(id, at))) throw templateUsedUp(id)
        return makeRequest(repositories, template, buyer, input, at)
      })
    },
  }
}

/** A template that says everything that a request and an offer need. */
interface Buyable extends RequestTemplate {
  sellerId: EntityId
  categoryId: EntityId
  title: string
  price: Amount
  currency: BudgetCurrency
}

function buyable(template: RequestTemplate | null, id: EntityId, at: Date): Buyable {
  if (template === null) throw notFound('template', publicId(id))
  if (!isOpenAt(template, at)) throw templateNotOpen(id, 'is closed')
  const { sellerId, categoryId, title } = template
  const price = priceOf(template)
  const currency = budgetCurrencies.find((known) => known === (template.budget.currency ?? 'USDT'))
  if (sellerId === null || categoryId === null || title === null)
    throw templateNotOpen(id, 'has no readable seller, category or title')
  if (price === null || !isPositive(price) || currency === undefined) {
    throw templateNotOpen(id, 'has no readable price')
  }
  return { ...template, sellerId, categoryId, title, price, currency }
}

async function makeRequest(
  { requests, offers }: RequestRepositories,
  template: Buyable,
  buyer: Actor,
  input: CheckoutInput,
  at: Date,
): Promise<Checkout> {
  const { sellerId, title, delivery } = template
  const requestId = newId(at)
  const description = template.description ?? title
  await requests.insert({
    id: requestId,
    buyerId: buyer.id,
    title,
    description,
    categoryId: template.categoryId,
    productType: productTypes.find((known) => known === template.productType) ?? 'physical_product',
    productLink: template.productLink,
    size: template.size,
    color: template.color,
    brand: template.brand,
    quantity: template.quantity ?? 1,
    budget: { min: template.budget.min, max: template.budget.max, currency: template.currency },
    urgency: urgencies.find((known) => known === template.urgency) ?? 'medium',
    status: 'pending_payment',
    isPublic: false,
    deliveryType: deliveryTypes.find((known) => known === delivery.type) ?? 'physical',
    deliveryAddress: input.address,
    deliveryEmail: input.email ?? delivery.email,
    specifications: template.specifications,
    preferredSellerIds: [sellerId],
    attachments: template.attachments.map((url) => ({ url, name: null, mime: null, size: null })),
    tags: template.tags,
    templateId: template.id,
    at,
  })
  const reason = 'template checkout'
  await requests.appendStatusChange(requestId, {
    from: null,
    to: 'pending_payment',
    by: buyer.id,
    reason,
    at,
  })
  const offerId = newId(at)
  await offers.insert({
    id: offerId,
    sellerId,
    purchaseRequestId: requestId,
    title,
    description: (template.proposal ?? description).slice(0, 1000),
    price: { amount: template.price, currency: template.currency },
    deliveryTime: DELIVERY_TIME,
    attachments: [],
    notes: null,
    validUntil: null,
    requireAmlCheck: false,
    amlBlockOnFailure: false,
    at,
  })
  const request = await requests.find(requestId)
  if (request === null) throw new Error(`Request ${requestId} vanished in the transaction that made it.`)
  return { request, offerId }
}
