import type { Types } from 'mongoose'
import { withoutNulls } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import {
  lenientDate,
  lenientId,
  lenientInteger,
  lenientReference,
  lenientText,
  objectIdOf,
} from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { isWithin, maybeWithin, textOf } from '../../../migration/period.ts'
import { type EntityId, parseId, publicId } from '../../../platform/ids.ts'
import type { Reference } from '../../../platform/reference.ts'
import { alreadyEarned } from '../errors.ts'
import { metadataOf, type PointTransaction } from '../model.ts'
import type { PointTransactionRepository } from '../repository.ts'
import { leading, totalsOf } from '../totals.ts'
import { pointTransactionModel } from './model.mongo.ts'

export function createPointTransactionRepository(context: MongoUnitContext): PointTransactionRepository {
  const { session } = context
  const model = pointTransactionModel(context.connection)
  const { collection } = model
  return {
    async insert({ id, userId, referredUser, order, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const document = {
        _id,
        ...withoutNulls({
          user: userId && objectIdOf(userId),
          referredUser: referredUser && objectIdOf(referredUser),
          order: order && storedReference(order),
          ...fields,
        }),
        __v: 0,
      }
      await collection.insertOne(document, { session }).catch((error: unknown) => {
        if (duplicatesIndex(error, 'source_1_order_1')) throw alreadyEarned(error)
        throw error
      })
    },

    async listOf(userId, { page, limit, type, from, to }) {
      const filter = {
        user: storedAs(userId),
        ...withoutNulls({ type }),
        ...(from === undefined && to === undefined
          ? {}
          : { createdAt: withoutNulls({ $gte: from, $lte: to }) }),
      }
      // Past the model, which would make ObjectIds of the ids that lie there as text.
      const items = await collection
        .find(filter, { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip((page - 1) * limit)
        .limit(limit)
        .toArray()
      return { items: items.map(entryOf), total: await collection.countDocuments(filter, { session }) }
    },

    async totals(userId) {
      const groups = await collection
        .aggregate(
          [
            { $match: userId === undefined ? {} : { user: storedAs(userId) } },
            { $group: { _id: { source: '$source', type: '$type', amount: '$amount' }, count: { $sum: 1 } } },
          ],
          { session },
        )
        .toArray()
      return totalsOf(
        groups.map(({ _id, count }) => {
          const signed = (lenientInteger(_id.amount) ?? 0) * Number(count)
          return {
            source: lenientText(_id.source),
            type: lenientText(_id.type),
            count: Number(count),
            signed,
            unsigned: Math.abs(signed),
          }
        }),
      )
    },

    async leaders(period, limit) {
      const words = { user: '$user', amount: '$amount', text: textOf('createdAt') }
      const groups = await collection
        .aggregate(
          [
            { $match: { type: 'earn', ...maybeWithin('createdAt', period) } },
            { $group: { _id: words, count: { $sum: 1 } } },
          ],
          { session },
        )
        .toArray()
      const earned = groups.flatMap(({ _id, count }) => {
        const userId = lenientId(_id.user)
        const time = lenientDate(_id.text)
        const isOutside = _id.text !== null && (time === null || !isWithin(time, period))
        if (userId === null || isOutside) return []
        return [{ userId, points: (lenientInteger(_id.amount) ?? 0) * Number(count) }]
      })
      return leading(earned, limit)
    },

    async hasEarned(source, orderId) {
      const filter = { source, order: objectIdOf(orderId), type: 'earn', origin: 'app' }
      return (await model.findOne(filter, { _id: 1 }, { session }).lean()) !== null
    },
  }
}

/** Old documents hold ids as text, too. */
function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}

/** Whatever an old document holds. */
type OldEntry = Record<string, unknown> & { _id: Types.ObjectId }

export function entryOf(document: OldEntry): PointTransaction {
  return {
    id: parseId(document._id.toHexString()),
    userId: lenientId(document.user),
    type: lenientText(document.type),
    source: lenientText(document.source),
    amount: lenientInteger(document.amount),
    balance: lenientInteger(document.balance),
    order: lenientReference(document.order),
    referredUser: lenientId(document.referredUser),
    description: lenientText(document.description),
    metadata: metadataOf(lenientJson(document.metadata ?? null)),
    expiresAt: lenientDate(document.expiresAt),
    origin: lenientText(document.origin),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

function storedReference(reference: Reference): Types.ObjectId | string {
  return reference.kind === 'entity' ? objectIdOf(reference.id) : reference.external
}
