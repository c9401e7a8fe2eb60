import type { Actor } from '../../platform/auth-guard.ts'
import { notFound } from '../../platform/errors.ts'
import { type EntityId, publicId } from '../../platform/ids.ts'
import { mayNotManage, notAGroup, notAParticipant } from './errors.ts'
import { type Chat, participantOf, takesPart } from './model.ts'

/** Administrators and resolvers read and write any chat: disputes are settled there. */
export function isStaff(actor: Actor): boolean {
  return actor.role === 'admin' || actor.role === 'resolver'
}

/** The chat, for those who may read and write it. Others are not told whether it exists. */
export function visible(chat: Chat | null, id: EntityId, actor: Actor): Chat {
  if (chat === null || !(isStaff(actor) || takesPart(chat, actor.id))) throw notFound('chat', publicId(id))
  return chat
}

/** The chat, for those who take part in it: staff that only looks in has nothing to react with or to read. */
export function joined(chat: Chat | null, id: EntityId, actor: Actor): Chat {
  const seen = visible(chat, id, actor)
  if (!takesPart(seen, actor.id)) throw notAParticipant()
  return seen
}

/** The group, for those who say who takes part. */
export function managed(chat: Chat | null, id: EntityId, actor: Actor): Chat {
  const group = asGroup(visible(chat, id, actor))
  const role = participantOf(group, actor.id)?.role
  if (role !== 'owner' && role !== 'admin' && actor.role !== 'admin') throw mayNotManage()
  return group
}

export function asGroup(chat: Chat): Chat {
  if (chat.type !== 'group') throw notAGroup()
  return chat
}
