import { z } from 'zod'
import { type Page, pageSchema } from '../../platform/answer.ts'
import { type EntityId, idSchema } from '../../platform/ids.ts'
import { amountSchema } from '../../platform/money.ts'
import type { Reference } from '../../platform/reference.ts'

export const pointTypes = ['earn', 'spend', 'expire'] as const
export const pointSources = ['purchase', 'referral', 'bonus', 'admin', 'redemption'] as const
export const origins = ['legacy', 'app'] as const

export type PointType = (typeof pointTypes)[number]
export type PointSource = (typeof pointSources)[number]

/** One movement of somebody's points. Never changed once it is written. Old ones may lack anything but the id. */
export interface PointTransaction {
  id: EntityId
  userId: EntityId | null
  /** The stored words; old ones may be unknown. */
  type: string | null
  source: string | null
  /** Positive in ours, what it means follows from the type; old spends are of either sign. */
  amount: number | null
  /** Available points afterwards. */
  balance: number | null
  /** The purchase request that it came from. */
  order: Reference | null
  referredUser: EntityId | null
  description: string | null
  metadata: Record<string, unknown> | null
  expiresAt: Date | null
  /** `app` for what was written by the present rules, which bind only those. */
  origin: string | null
  createdAt: Date | null
  updatedAt: Date | null
}

/** What is stored as metadata, or nothing where an old entry has something else in its place. */
export function metadataOf(stored: unknown): Record<string, unknown> | null {
  const isDocument = typeof stored === 'object' && stored !== null && !Array.isArray(stored)
  return isDocument ? (stored as Record<string, unknown>) : null
}

export const transactionFilterSchema = pageSchema.extend({
  type: z.enum(pointTypes).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
})

export interface TransactionFilter extends Page {
  type?: PointType
  /** Inclusive. */
  from?: Date
  /** Inclusive. */
  to?: Date
}

/** The entries of one source and type. */
export interface PointTotal {
  source: string | null
  type: string | null
  count: number
  /** What was given or taken: old spends are stored with either sign, here they have none. */
  points: number
}

/** Somebody and what they earned in a period. */
export interface Leader {
  userId: EntityId
  points: number
}

export const leaderboardSchema = z.object({
  period: z.enum(['week', 'month', 'year', 'all']).default('month'),
  limit: z.coerce.number().int().min(1).max(100).default(10),
})
export type LeaderboardQuery = z.output<typeof leaderboardSchema>

export const redeemSchema = z.object({
  points: z.number().int().min(1).max(1_000_000_000),
  description: z.string().trim().max(500).optional(),
})
export type Redemption = z.output<typeof redeemSchema>

/** What the request unit says when a request is completed. */
export const requestCompletedSchema = z.object({
  requestId: idSchema,
  buyerId: idSchema,
  amount: amountSchema,
  currency: z.string(),
})
