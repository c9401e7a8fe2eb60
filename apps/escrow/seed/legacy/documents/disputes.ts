import type { Document } from 'bson'
import { actors } from '../actors.ts'
import { sentences } from '../words.ts'
import type { Story } from '../world/stories.ts'
import { day, hour, notAfterNow, type World } from '../world/world.ts'
import { amountOf, image, stamps } from './clean.ts'

/** The dispute of a story, if it came to one. */
export function* disputes(world: World, story: Story): Generator<Document> {
  const { dispute, plot } = story
  const seller = story.offers[0]?.sellerId
  if (dispute === null || seller === undefined) return
  const random = story.random('dispute')
  const { admin } = actors()
  const isOpen = plot.dispute === 'open'
  const event = (after: number, action: string, by: unknown) => ({
    action,
    performedBy: by,
    at: notAfterNow(world, dispute.at + after),
  })
  yield {
    _id: dispute.id,
    purchaseRequestId: story.id,
    buyerId: story.buyerId,
    sellerId: seller,
    adminId: admin,
    reason: random.pick(['The box was empty', 'کالا نرسید', 'Not as described']),
    description: random.pick(sentences),
    priority: random.pick(['low', 'medium', 'high', 'urgent']),
    category: random.pick([
      'product_quality',
      'delivery_delay',
      'wrong_item',
      'payment_issue',
      'seller_behavior',
      'other',
    ]),
    status: isOpen ? random.pick(['pending', 'in_progress', 'waiting_response']) : 'resolved',
    evidence: random.chance(0.6) ? [{ type: 'image', url: image(random.hex(8)) }] : [],
    timeline: [
      event(0, 'created', story.buyerId),
      ...(isOpen ? [] : [event(day, 'assigned', admin), event(2 * day, 'resolved', admin)]),
    ],
    messages: random.chance(0.5)
      ? [
          {
            senderId: story.buyerId,
            content: random.pick(sentences),
            at: notAfterNow(world, dispute.at + hour),
          },
        ]
      : [],
    responseDeadline: new Date(dispute.at + 2 * day),
    deadline: new Date(dispute.at + 7 * day),
    ...(isOpen
      ? {}
      : {
          resolution: {
            action: plot.dispute === 'refunded' ? 'refund' : 'no_action',
            amount: amountOf(story.parts),
            currency: story.currency,
            notes: random.pick(sentences),
            resolvedBy: admin,
            resolvedAt: notAfterNow(world, dispute.at + 2 * day),
          },
        }),
    chatId: dispute.chatId,
    ...stamps(world, dispute.at, dispute.at + 2 * day),
  }
}
