import { objectIdOf } from '../../../migration/lenient.ts'
import type { EntityId } from '../../../platform/ids.ts'

/** One step of a write; without a filter of its own it concerns the chat as it is. */
export interface Step {
  filter?: Record<string, unknown>
  update: Record<string, unknown> | Record<string, unknown>[]
  arrayFilters?: Record<string, unknown>[]
}

export function inMessage(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([path, value]) => [`messages.$[message].${path}`, value]),
  )
}

export function theMessage(id: EntityId) {
  return { 'message._id': objectIdOf(id) }
}

/** Old documents hold null, or nothing, where an array belongs; nothing can be pushed there. */
export function asArray(messageId: EntityId, path: string): Step {
  return {
    update: { $set: inMessage({ [path]: [] }) },
    arrayFilters: [{ ...theMessage(messageId), [`message.${path}`]: null }],
  }
}
