import { type EntityId, publicId } from '../../platform/ids.ts'
import type { ChatType } from './vocabulary.ts'

/**
 * The name of a chat that two people have only once: the sorted pair, and behind it what the chat is about, where it
 * is about something. A unique index over it makes find-or-create safe.
 */
export function directKeyOf(
  type: ChatType,
  between: readonly [EntityId, EntityId],
  related: EntityId | null,
): string {
  const pair = between.map(publicId).sort()
  return [
    ...pair,
    ...(related === null ? [] : [publicId(related)]),
    ...(type === 'direct' ? [] : [type]),
  ].join(':')
}
