import type { Document } from 'bson'
import type { Random } from '../random.ts'
import { categoryNames, qualities, sentences, things } from '../words.ts'
import { categoryId, categoryMoment, type Story } from '../world/stories.ts'
import { day, hour, notAfterNow, randomOf, type World } from '../world/world.ts'
import { amountOf, image, optional, stamps } from './clean.ts'
import { address } from './people.ts'
import { templateId } from './shops.ts'

/** Categories: parents before children. */
export function category(world: World, index: number): Document {
  const random = randomOf(world, 'category', index)
  const [english, persian] = categoryNames[index % categoryNames.length] ?? ['Other', 'دیگر']
  return {
    _id: categoryId(world, index),
    name: `${persian} ${index}`,
    nameEn: `${english} ${index}`,
    description: random.chance(0.5) ? random.pick(sentences) : '',
    ...(random.chance(0.5) ? { icon: 'solar:box-bold' } : {}),
    // The first is what everybody's requests may name.
    isActive: index === 0 || random.chance(0.9),
    parentId: index > 4 && random.chance(0.6) ? categoryId(world, random.int(0, index - 1)) : null,
    order: index,
    ...stamps(world, categoryMoment(world, index)),
  }
}

const way = [
  'pending',
  'received_offers',
  'in_negotiation',
  'payment',
  'processing',
  'delivery',
  'delivered',
  'confirming',
  'completed',
  'seller_paid',
] as const

/** A request with its lists, as far as its story came. */
export function purchaseRequest(world: World, story: Story): Document {
  const { plot, at } = story
  const random = story.random('request')
  const moved = historyOf(world, story)
  const shipped = ['delivery', 'delivered', 'confirming', 'completed', 'seller_paid'].includes(plot.status)
  return {
    _id: story.id,
    buyerId: story.buyerId,
    title: `${random.pick(qualities)} ${random.pick(things)}`,
    description: random.pick(sentences),
    categoryId: story.categoryId,
    productType: random.pick(['physical_product', 'digital_product', 'service', 'consultation']),
    ...(random.chance(0.2) ? { productLink: 'https://shop.example.com/item' } : {}),
    ...(random.chance(0.2) ? { brand: random.pick(['Canon', 'سامسونگ', 'IKEA']) } : {}),
    quantity: random.int(1, 5),
    budget: {
      min: amountOf(Math.floor(story.parts / 2)),
      max: amountOf(story.parts + 500_000),
      currency: random.pick([story.currency, story.currency, 'USD', 'EUR', 'IRR']),
    },
    urgency: random.pick(['low', 'medium', 'high', 'urgent']),
    status: plot.status,
    isPublic: random.chance(0.9),
    preferredSellerIds: random.chance(0.2) ? story.offers.slice(0, 2).map(({ sellerId }) => sellerId) : [],
    ...optional('selectedOfferId', plot.chosen && plot.status !== 'cancelled' ? story.offers[0]?.id : null),
    ...optional('templateId', story.templateOf === null ? null : templateId(world, story.templateOf)),
    specifications: list(random, 3, () => ({
      key: random.pick(['colour', 'size', 'memory']),
      value: random.pick(qualities),
      ...(random.chance(0.3) ? { label: 'رنگ' } : {}),
    })),
    tags: list(random, 3, () => random.pick(qualities)),
    attachments: list(random, 1, () => ({
      url: image(random.hex(8)),
      name: 'photo.webp',
      mime: 'image/webp',
      size: random.int(1, 900_000),
    })),
    statusHistory: moved,
    ...(random.chance(0.7) ? { deliveryInfo: deliveryInfo(world, story, random) } : {}),
    ...(shipped ? { shippedAt: notAfterNow(world, at + 5 * day) } : {}),
    ...(shipped && random.chance(0.4)
      ? { trackingEvents: [{ status: 'sent', at: notAfterNow(world, at + 5 * day), location: 'Tehran' }] }
      : {}),
    ...(plot.dispute === 'open' ? { disputed: true, releaseHold: true } : {}),
    ...(plot.status === 'cancelled' ? { cancelReason: 'changed my mind', cancelledBy: story.buyerId } : {}),
    ...(['completed', 'seller_paid'].includes(plot.status)
      ? { completedAt: notAfterNow(world, at + 12 * day) }
      : {}),
    ...stamps(world, at, at + moved.length * day),
  }
}

function historyOf(world: World, { plot, at, buyerId }: Story): Document[] {
  const last = way.indexOf(plot.status as (typeof way)[number])
  const reached = last < 0 ? ['pending', plot.status] : way.slice(0, last + 1)
  return reached.slice(1).map((to, place) => ({
    from: reached[place],
    to,
    ...(place === 0 ? { by: buyerId } : {}),
    at: notAfterNow(world, at + (place + 1) * day),
  }))
}

function deliveryInfo(world: World, { plot, at }: Story, random: Random): Document {
  const online = random.chance(0.3)
  const generatedAt = at + 4 * day
  const hasCode = ['payment', 'processing', 'delivery', 'delivered', 'confirming'].includes(plot.status)
  const isUsed = plot.status === 'delivered' || plot.status === 'confirming'
  return {
    deliveryType: online ? 'online' : 'physical',
    ...(online ? { email: 'deliver@example.com' } : { address: address(random) }),
    ...(hasCode
      ? {
          deliveryCode: String(random.int(100_000, 999_999)),
          deliveryCodeGeneratedAt: notAfterNow(world, generatedAt),
          deliveryCodeExpiresAt: new Date(generatedAt + 7 * day),
          deliveryCodeUsed: isUsed,
          ...(isUsed ? { deliveryCodeUsedAt: notAfterNow(world, generatedAt + day) } : {}),
        }
      : {}),
    deliveryAttempts: hasCode
      ? list(random, 2, () => ({
          code: String(random.int(100_000, 999_999)),
          at: notAfterNow(world, generatedAt + 2 * hour),
          success: false,
          ip: '203.0.113.7',
        }))
      : [],
  }
}

/** The offers of a story. */
export function* sellerOffers(world: World, story: Story): Generator<Document> {
  for (const [place, offer] of story.offers.entries()) {
    const random = story.random(`offer ${place}`)
    yield {
      _id: offer.id,
      sellerId: offer.sellerId,
      purchaseRequestId: story.id,
      title: `${random.pick(qualities)} ${random.pick(things)}`,
      description: random.pick(sentences),
      price: { amount: amountOf(offer.parts), currency: story.currency },
      deliveryTime: { amount: random.int(1, 20), unit: random.pick(['hours', 'days', 'weeks']) },
      status: offer.status,
      attachments: list(random, 2, () => `/uploads/${random.hex(8)}.pdf`),
      ...(random.chance(0.2) ? { notes: random.pick(sentences) } : {}),
      ...(random.chance(0.2) ? { validUntil: new Date(offer.at + 14 * day) } : {}),
      ...(random.chance(0.1) ? { requireAmlCheck: true, amlBlockOnFailure: random.chance(0.5) } : {}),
      ...stamps(world, offer.at, offer.at + day),
    }
  }
}

function list<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random.int(0, most) }, make)
}
