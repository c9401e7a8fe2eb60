import { z } from 'zod'
import { pageSchema } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'

/** A value that administrators may change while the service runs. Old ones may lack anything but the id. */
export interface ConfigSetting {
  id: EntityId
  key: string | null
  /** Any JSON; null is "not there". */
  value: unknown
  /** What the value is: number, text, boolean or json. Old ones use other words. */
  type: string | null
  description: string | null
  updatedBy: EntityId | null
  createdAt: Date | null
  updatedAt: Date | null
}

/** One change of a setting. Never changed once it is written; its setting may be gone. */
export interface ConfigSettingChange {
  id: EntityId
  key: string | null
  oldValue: unknown
  newValue: unknown
  changedBy: EntityId | null
  reason: string | null
  changedAt: Date | null
  createdAt: Date | null
  updatedAt: Date | null
}

const reason = z.string().trim().min(3).max(500)

export const keySchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.:-]+$/)

export const settingChangeSchema = z.object({
  // Keys that begin with a dollar sign are commands to MongoDB, and a null would be a value that is not there.
  value: z.json().refine((value) => value !== null && !hasCommand(value), {
    message: 'Send a value that is not null and whose keys do not begin with "$".',
  }),
  reason,
})
export type SettingChange = z.output<typeof settingChangeSchema>

export const thresholdChangesSchema = z.object({
  thresholds: z
    .record(z.string().max(30), z.number().int().min(1).max(1_000_000))
    .refine((thresholds) => Object.keys(thresholds).length > 0, { message: 'Name at least one chain.' }),
  reason,
})
export type ThresholdChanges = z.output<typeof thresholdChangesSchema>

export const historyFilterSchema = pageSchema

export function typeOf(value: unknown): string {
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' || typeof value === 'boolean' ? typeof value : 'json'
}

function hasCommand(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, member]) => key.startsWith('$') || hasCommand(member))
}
