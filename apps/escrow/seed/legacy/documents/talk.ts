import type { Document } from 'bson'
import { actors } from '../actors.ts'
import { sentences, things } from '../words.ts'
import { plotOf } from '../world/plots.ts'
import type { Story } from '../world/stories.ts'
import { day, hour, idIn, notAfterNow, randomOf, type World } from '../world/world.ts'
import { image, optional, stamps } from './clean.ts'

/** What buyers say of sellers whom they bought from. */
export function* reviews(world: World, story: Story): Generator<Document> {
  const seller = story.offers[0]?.sellerId
  if (story.plot.status !== 'seller_paid' || seller === undefined) return
  const random = story.random('review')
  const at = story.at + 14 * day
  yield {
    _id: idIn(world, 'review', story.index, at),
    subjectType: 'seller',
    subjectId: seller,
    sellerId: seller,
    reviewerId: story.buyerId,
    rating: random.pick([5, 5, 4, 4, 3, 2, 1]),
    comment: random.chance(0.7) ? random.pick(sentences) : '',
    isVerifiedBuyer: true,
    purchaseRequestId: story.id,
    status: 'published',
    ...stamps(world, at),
  }
}

export function blogPost(world: World, index: number): Document {
  const random = randomOf(world, 'post', index)
  const at = world.now - 700 * day + index * (600_000_000_000 / Math.max(10, world.sizes.posts * 10))
  const title = `${random.pick(['How to choose a', 'News about the', 'راهنمای خرید'])} ${random.pick(things)}`
  const isPublished = random.chance(0.8)
  return {
    _id: idIn(world, 'post', index, at),
    title,
    slug: `${title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-')}-${index}`,
    description: random.pick(sentences),
    content: Array.from({ length: 6 }, () => random.pick(sentences)).join('\n\n'),
    coverImage: image(random.hex(8)),
    images: [],
    videos: random.chance(0.2) ? [{ url: 'https://aparat.com/v/x', platform: 'aparat', embedId: 'x' }] : [],
    author: { id: actors().admin.toHexString(), name: 'Ada Actor' },
    category: random.pick(['tutorial', 'news', 'guide', 'tips', 'announcement', 'other']),
    tags: random.chance(0.7) ? [random.pick(things)] : [],
    status: isPublished ? 'published' : random.pick(['draft', 'archived']),
    ...(isPublished ? { publishedAt: new Date(at + hour) } : {}),
    views: random.int(0, 90_000),
    likes: random.int(0, 900),
    comments: 0,
    readTime: random.int(1, 20),
    featured: random.chance(0.1),
    seo: { metaTitle: title },
    ...stamps(world, at, at + day),
  }
}

/** What people were told in the last weeks: MongoDB removes what is older than 90 days. */
export function* notifications(world: World, story: Story): Generator<Document> {
  const recent = Math.floor(story.index / 8) * 8 === story.index
  if (!recent) return
  for (let place = 0; place < 6; place += 1) {
    const random = story.random(`notification ${place}`)
    const at = world.now - random.int(1, 80 * 24) * hour
    const isRead = random.chance(0.6)
    const isForSeller = place % 2 === 1 && story.offers.length > 0
    yield {
      _id: idIn(world, 'notification', story.index * 8 + place, at),
      userId: String(isForSeller ? story.offers[0]?.sellerId : story.buyerId),
      title: random.pick(['New offer', 'Payment received', 'پیشنهاد جدید']),
      message: random.pick(sentences),
      type: random.pick(['info', 'success', 'warning', 'error']),
      category: random.pick(['purchase_request', 'offer', 'payment', 'delivery', 'system']),
      relatedId: story.id.toHexString(),
      metadata: { requestId: story.id.toHexString(), status: plotOf(story.index).status },
      actionUrl: `/dashboard/requests/${story.id.toHexString()}`,
      isRead,
      ...optional('readAt', isRead ? notAfterNow(world, at + hour) : null),
      ...stamps(world, at),
    }
  }
}
