import { z } from 'zod'
import type { EntityId } from '../../../platform/ids.ts'

export interface LevelBenefits {
  discountPercent: number
  freeShipping: boolean
  prioritySupport: boolean
  specialOffers: boolean
}

/** A level that people reach by the points that they ever earned. Old ones may lack anything but the id. */
export interface LevelConfig {
  id: EntityId
  level: number | null
  name: string | null
  nameEn: string | null
  minPoints: number | null
  /** Where the next one begins, or null for the last. Old rows may hold the last point of the level instead. */
  maxPoints: number | null
  /** As stored; `benefitsOf` says what they mean. */
  benefits: Record<string, unknown> | null
  icon: string | null
  color: string | null
  order: number | null
  isActive: boolean | null
  createdAt: Date | null
  updatedAt: Date | null
}

export const defaultIcon = 'solar:medal-star-bold'
export const defaultColor = '#94a3b8'

const name = z.string().trim().min(1).max(100)
const points = z.number().int().min(0).max(2_000_000_000)
const benefits = z.object({
  discountPercent: z.number().min(0).max(100).default(0),
  freeShipping: z.boolean().default(false),
  prioritySupport: z.boolean().default(false),
  specialOffers: z.boolean().default(false),
})

const fields = {
  level: z.number().int().min(0).max(1000),
  name,
  nameEn: name,
  minPoints: points,
  /** Exclusive; absent or null for a level without an end. */
  maxPoints: points.nullish(),
  benefits,
  icon: z.string().max(200),
  color: z.string().max(50),
  order: z.number().int().min(0).max(1_000_000),
  isActive: z.boolean(),
}

export const newLevelSchema = z.object({
  ...fields,
  benefits: benefits.prefault({}),
  icon: fields.icon.default(defaultIcon),
  color: fields.color.default(defaultColor),
  order: fields.order.optional(),
  isActive: fields.isActive.default(true),
})
export type NewLevel = z.output<typeof newLevelSchema>

/** No defaults here: what a change does not name stays as it is. */
export const levelChangesSchema = z.object(fields).partial()
export type LevelChanges = z.output<typeof levelChangesSchema>

/** What is stored as benefits, or nothing where an old level has something else in their place. */
export function storedBenefits(stored: unknown): Record<string, unknown> | null {
  const isDocument = typeof stored === 'object' && stored !== null && !Array.isArray(stored)
  return isDocument ? (stored as Record<string, unknown>) : null
}

/** What a level gives: nothing where nothing sensible is stored. */
export function benefitsOf({ benefits: stored }: Pick<LevelConfig, 'benefits'>): LevelBenefits {
  const percent = stored?.discountPercent
  return {
    discountPercent: typeof percent === 'number' ? percent : 0,
    freeShipping: stored?.freeShipping === true,
    prioritySupport: stored?.prioritySupport === true,
    specialOffers: stored?.specialOffers === true,
  }
}

/** Whether the ranges [minPoints, maxPoints) have a point in common. Without a beginning there is no range. */
export function rangesOverlap(
  left: Pick<LevelConfig, 'minPoints' | 'maxPoints'>,
  right: Pick<LevelConfig, 'minPoints' | 'maxPoints'>,
): boolean {
  if (left.minPoints === null || right.minPoints === null) return false
  const begin = Math.max(left.minPoints, right.minPoints)
  return begin < Math.min(left.maxPoints ?? Infinity, right.maxPoints ?? Infinity)
}
