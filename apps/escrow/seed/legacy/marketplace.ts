import { type Document, Double, Int32, type ObjectId } from 'bson'
import { amount, oddities, stamps } from './dirt.ts'
import type { Random } from './random.ts'
import { categoryNames, qualities, sentences, things } from './words.ts'

/** Categories: parents before children, some without English name, active twins by name. */
export function category(random: Random, index: number, earlier: readonly ObjectId[]): Document {
  const at = random.date()
  const [english, persian] = random.pick(categoryNames)
  return {
    _id: random.objectId(at),
    name: index < categoryNames.length ? `${persian} ${index}` : `${persian}‌${index}`,
    ...(random.chance(0.9) ? { nameEn: `${english} ${index}` } : {}),
    description: random.chance(0.5) ? random.pick(sentences) : '',
    isActive: random.chance(0.9),
    parentId: earlier.length > 3 && random.chance(0.6) ? random.pick(earlier) : null,
    order: random.chance(0.9) ? index : new Double(index),
    ...stamps(random, at),
    ...oddities(random),
  }
}

export interface RequestContext {
  buyers: readonly ObjectId[]
  sellers: readonly ObjectId[]
  categories: readonly ObjectId[]
}

const statuses = [
  'pending',
  'pending',
  'active',
  'received_offers',
  'in_negotiation',
  'payment',
  'processing',
  'delivery',
  'delivered',
  'confirming',
  'completed',
  'completed',
  'seller_paid',
  'cancelled',
] as const

/** Purchase requests with their seven lists; old statuses, codes that lost their zeros, lists stored as null. */
export function purchaseRequest(random: Random, context: RequestContext): Document {
  const at = random.date()
  const status = random.chance(0.98) ? random.pick(statuses) : random.pick(['finalized', 'archived'])
  const document: Document = {
    _id: random.objectId(at),
    buyerId: random.pick(context.buyers),
    title: `${random.pick(qualities)} ${random.pick(things)}`,
    description: random.pick(sentences),
    categoryId: random.chance(0.97) ? random.pick(context.categories) : random.objectId(at),
    productType: random.pick(['physical_product', 'digital_product', 'service', 'consultation']),
    quantity: random.chance(0.95) ? random.int(1, 5) : random.pick<unknown>([0, new Double(2), '3']),
    budget: budget(random),
    urgency: random.pick(['low', 'medium', 'high', 'urgent']),
    status,
    isPublic: random.chance(0.9),
    preferredSellerIds: list(random, 2, () => random.pick(context.sellers)),
    offers: [],
    specifications: specifications(random),
    tags: random.chance(0.02) ? null : list(random, 3, () => random.pick(qualities)),
    attachments: list(random, 1, () => ({
      url: `/uploads/${random.hex(8)}.png`,
      name: 'photo.png',
      size: random.int(1, 900_000),
    })),
    statusHistory: list(random, 3, () => ({ from: 'pending', to: status, at: random.date() })),
    ...stamps(random, at),
    ...oddities(random),
  }
  if (random.chance(0.6)) document.deliveryInfo = deliveryInfo(random)
  if (random.chance(0.2)) document.brand = random.pick(['Canon', 'سامسونگ', 'IKEA'])
  if (random.chance(0.1)) document.trackingEvents = [{ status: 'sent', at, location: 'Tehran' }]
  return document
}

function budget(random: Random): Document {
  const least = random.int(1, 400)
  return {
    min: random.chance(0.9) ? new Int32(least) : amount(random),
    max: random.chance(0.9) ? new Int32(least + random.int(1, 600)) : amount(random),
    currency: random.pick(['USDT', 'USDT', 'USDC', 'USD', 'EUR', 'IRR']),
  }
}

function specifications(random: Random): unknown {
  if (random.chance(0.01)) return 'see description'
  return list(random, 3, () => ({
    key: random.pick(['colour', 'size', 'memory']),
    value: random.chance(0.95) ? random.pick(qualities) : random.int(1, 512),
    ...(random.chance(0.3) ? { label: 'رنگ' } : {}),
  }))
}

function deliveryInfo(random: Random): Document {
  const generatedAt = random.date()
  return {
    deliveryType: random.pick(['physical', 'physical', 'online']),
    address: { fullAddress: 'Valiasr 12', city: 'تهران', zipCode: random.chance(0.5) ? '0012345' : 12345 },
    ...(random.chance(0.5)
      ? {
          // Written as a number once, so a leading zero is gone.
          deliveryCode: random.chance(0.1) ? random.int(1_000, 99_999) : String(random.int(100_000, 999_999)),
          deliveryCodeGeneratedAt: generatedAt,
          deliveryCodeExpiresAt: new Date(generatedAt.getTime() + 7 * 86_400_000),
          deliveryCodeUsed: random.chance(0.5),
        }
      : {}),
    deliveryAttempts: list(random, 2, () => ({
      code: String(random.int(100_000, 999_999)),
      at: generatedAt,
      success: false,
    })),
  }
}

/** Offers: the old word `active`, prices as text, requests that exist nowhere. */
export function sellerOffer(
  random: Random,
  context: RequestContext & { requests: readonly ObjectId[] },
): Document {
  const at = random.date()
  return {
    _id: random.objectId(at),
    sellerId: random.pick(context.sellers),
    purchaseRequestId: random.chance(0.99) ? random.pick(context.requests) : random.objectId(at),
    title: `${random.pick(qualities)} ${random.pick(things)}`,
    description: random.pick(sentences),
    price: { amount: amount(random), currency: random.pick(['USDT', 'USDT', 'USDC', 'USD', 'TRY']) },
    deliveryTime: { amount: random.int(1, 20), unit: random.pick(['hours', 'days', 'weeks', 'day']) },
    status: random.pick(['pending', 'active', 'accepted', 'rejected', 'rejected', 'withdrawn']),
    attachments: random.chance(0.05) ? null : list(random, 2, () => `/uploads/${random.hex(8)}.pdf`),
    ...(random.chance(0.2) ? { validUntil: random.date() } : {}),
    ...(random.chance(0.1) ? { requireAmlCheck: true, amlBlockOnFailure: random.chance(0.5) } : {}),
    ...stamps(random, at),
    ...oddities(random),
  }
}

function list<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random.int(0, most) }, make)
}
