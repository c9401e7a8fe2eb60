import { type Connection, type Model, Schema, type Types } from 'mongoose'
import type { Effect, EffectStore, Receipt } from '../platform/effects.ts'
import { newId } from '../platform/ids.ts'
import { legacyModel } from './legacy-model.ts'
import {
  lenientDate,
  lenientDocument,
  lenientId,
  lenientInteger,
  lenientText,
  objectIdOf,
} from './lenient.ts'
import type { MongoUnitContext } from './mongo-unit-store.ts'

export interface OutboxDocument {
  _id: Types.ObjectId
  type: string
  key: string
  payload: Record<string, unknown>
  at: Date
  deliveredAt?: Date
  attempts: number
  notBefore?: Date
  lastError?: string
  createdAt: Date
  updatedAt: Date
}

export interface InboxDocument {
  _id: Types.ObjectId
  effectId: Types.ObjectId
  type: string
  outcome: 'done' | 'refused'
  reason?: string
  at: Date
  createdAt: Date
  updatedAt: Date
}

export const outboxSchema = new Schema<OutboxDocument>(
  {
    type: { type: String, required: true },
    key: { type: String, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    at: { type: Date, required: true },
    deliveredAt: Date,
    attempts: { type: Number, required: true },
    notBefore: Date,
    lastError: String,
  },
  { timestamps: true, minimize: false },
)
outboxSchema.index({ type: 1, key: 1 }, { unique: true })
outboxSchema.index({ deliveredAt: 1, at: 1 })

export const inboxSchema = new Schema<InboxDocument>(
  {
    effectId: { type: Schema.Types.ObjectId, required: true, unique: true },
    type: { type: String, required: true },
    outcome: { type: String, enum: ['done', 'refused'], required: true },
    reason: String,
    at: { type: Date, required: true },
  },
  { timestamps: true },
)

export function outboxModel(connection: Connection, unit: string): Model<OutboxDocument> {
  return legacyModel(connection, `${unit}EffectOutbox`, outboxSchema, `lb_${unit}_effect_outbox`)
}

export function inboxModel(connection: Connection, unit: string): Model<InboxDocument> {
  return legacyModel(connection, `${unit}EffectInbox`, inboxSchema, `lb_${unit}_effect_inbox`)
}

/** A unit's effects in MongoDB. */
export function createMongoEffectStore(context: MongoUnitContext, unit: string): EffectStore {
  const { session } = context
  const outbox = outboxModel(context.connection, unit)
  const inbox = inboxModel(context.connection, unit)
  return {
    async emit(effect) {
      const known = await outbox.exists({ type: effect.type, key: effect.key }).session(session ?? null)
      if (known !== null) return
      const _id = objectIdOf(newId(effect.at))
      context.touched(outbox.collection.collectionName, _id)
      const document = { _id, ...effect, attempts: 0, createdAt: effect.at, updatedAt: effect.at }
      await outbox.create([document], { session, timestamps: false })
    },

    async pending(limit, now) {
      const due = { deliveredAt: null, $or: [{ notBefore: null }, { notBefore: { $lte: now } }] }
      const found = await outbox.find(due, null, { session }).sort({ at: 1, _id: 1 }).limit(limit).lean()
      return found.map(effectOf).filter((effect) => effect !== null)
    },

    async markDelivered(id, at) {
      const _id = objectIdOf(id)
      context.touched(outbox.collection.collectionName, _id)
      const change = {
        $set: { deliveredAt: at, updatedAt: at },
        $unset: { notBefore: 1, lastError: 1 },
      } as const
      await outbox.updateOne({ _id }, change, { session, timestamps: false })
    },

    async postpone(id, { error, until }) {
      const _id = objectIdOf(id)
      context.touched(outbox.collection.collectionName, _id)
      const change = { $set: { notBefore: until, lastError: error.slice(0, 500) }, $inc: { attempts: 1 } }
      await outbox.updateOne({ _id }, change, { session, timestamps: false })
    },

    async received(effectId) {
      const found = await inbox.findOne({ effectId: objectIdOf(effectId) }, null, { session }).lean()
      return found === null ? null : receiptOf(found)
    },

    async recordReceived(receipt) {
      const { at, type, outcome, reason } = receipt
      const _id = objectIdOf(newId(at))
      context.touched(inbox.collection.collectionName, _id)
      const document = {
        _id,
        effectId: objectIdOf(receipt.effectId),
        type,
        outcome,
        reason: reason ?? undefined,
        at,
        createdAt: at,
        updatedAt: at,
      }
      await inbox.create([document], { session, timestamps: false })
    },
  }
}

/** Null for a document that nobody of ours wrote: it has nothing that could be delivered. */
function effectOf(document: OutboxDocument): Effect | null {
  const id = lenientId(document._id)
  const at = lenientDate(document.at)
  if (id === null || at === null) return null
  return {
    id,
    type: document.type,
    key: document.key,
    payload: lenientDocument(document.payload),
    at,
    deliveredAt: lenientDate(document.deliveredAt),
    attempts: lenientInteger(document.attempts) ?? 0,
    notBefore: lenientDate(document.notBefore),
    lastError: lenientText(document.lastError),
  }
}

function receiptOf(document: InboxDocument): Receipt | null {
  const effectId = lenientId(document.effectId)
  if (effectId === null) return null
  return {
    effectId,
    type: document.type,
    outcome: document.outcome,
    reason: document.reason ?? null,
    at: document.at,
  }
}
