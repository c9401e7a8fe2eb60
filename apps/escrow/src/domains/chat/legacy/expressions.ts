import { objectIdOf } from '../../../migration/lenient.ts'
import { type EntityId, publicId } from '../../../platform/ids.ts'

/*
 * What MongoDB computes by itself of a chat's messages, so that they never travel. The rules are those of
 * `unread.postgres.ts` and `derived.ts`: somebody has read up to `lastReadSeq`, or, in old data, up to the newest
 * message with a receipt of theirs; deleted messages and one's own are never unread.
 */

type Expression = Record<string, unknown>

const arrayAt = (path: string): Expression => ({ $cond: [{ $isArray: path }, path, []] })

export const messages = arrayAt('$messages')

/** An id as 24 hex digits, however it is stored; null where it is none. */
const hexOf = (id: unknown): Expression => ({
  $toString: { $convert: { input: id, to: 'objectId', onError: null, onNull: null } },
})

/** The elements of `input` from a place on; `$slice` takes no count of zero. */
export const from = (input: Expression, place: unknown): Expression => ({
  $slice: [input, place, 2 ** 31 - 1],
})

/** Place of the newest message with a receipt of `hex`; 0 where there is none. */
function placeOfReceipt(hex: unknown): Expression {
  const isRead = {
    $let: {
      vars: { message: { $arrayElemAt: [messages, '$$place'] } },
      in: { $in: [hex, { $map: { input: arrayAt('$$message.readBy'), in: hexOf('$$this.userId') } }] },
    },
  }
  const read = {
    $filter: { input: { $range: [0, { $size: messages }] }, as: 'place', cond: isRead },
  }
  return { $ifNull: [{ $add: [{ $max: read }, 1] }, 0] }
}

/** Place of the last message that a participant (a document at `participant`) has read. */
function lastRead(participant: string, hex: unknown): Expression {
  return {
    $cond: [{ $isNumber: `${participant}.lastReadSeq` }, `${participant}.lastReadSeq`, placeOfReceipt(hex)],
  }
}

function unreadAfter(place: unknown, hex: unknown): Expression {
  const isUnread = {
    $and: [{ $ne: ['$$message.isDeleted', true] }, { $ne: [hexOf('$$message.senderId'), hex] }],
  }
  return { $size: { $filter: { input: from(messages, place), as: 'message', cond: isUnread } } }
}

const present = (participants: unknown, condition: Expression[] = []): Expression => ({
  $filter: {
    input: participants,
    as: 'one',
    cond: { $and: [{ $ne: ['$$one.isActive', false] }, ...condition] },
  },
})

/** The first entry of a present participant. */
const presentParticipant = (userId: EntityId): Expression => ({
  $first: present(arrayAt('$participants'), [{ $eq: [hexOf('$$one.userId'), publicId(userId)] }]),
})

/** Where somebody stands in a chat: the place of the last message read, before this call. */
export function lastReadOf(userId: EntityId): Expression {
  return {
    $let: {
      vars: { me: presentParticipant(userId) },
      in: lastRead('$$me', publicId(userId)),
    },
  }
}

export function unreadOf(userId: EntityId): Expression {
  return unreadAfter(lastReadOf(userId), publicId(userId))
}

/** The last message that was not deleted, as it lies there. */
export const lastMessageElement: Expression = {
  $last: { $filter: { input: messages, as: 'message', cond: { $ne: ['$$message.isDeleted', true] } } },
}

/** The value where the condition holds, else no member at all. */
const only = (condition: Expression, value: unknown): Expression => ({
  $cond: [condition, { $ifNull: [value, '$$REMOVE'] }, '$$REMOVE'],
})

const hasType = (value: string, ...types: string[]): Expression => ({ $in: [{ $type: value }, types] })

const orNull = (value: string, to: 'objectId' | 'date'): Expression => ({
  $convert: { input: value, to, onError: null, onNull: null },
})

/** Content, sender and time of the last message, as far as columns can hold them; missing where there is none. */
const lastMessage: Expression = {
  $let: {
    vars: { last: lastMessageElement },
    in: only(hasType('$$last', 'object'), {
      content: only(
        {
          $and: [
            hasType('$$last.content', 'string'),
            { $lt: [{ $indexOfBytes: ['$$last.content', '\0'] }, 0] },
          ],
        },
        '$$last.content',
      ),
      senderId: only(hasType('$$last.senderId', 'objectId', 'string'), orNull('$$last.senderId', 'objectId')),
      timestamp: only(hasType('$$last.timestamp', 'date', 'string'), orNull('$$last.timestamp', 'date')),
    }),
  },
}

/** What every present participant has not read, by their hex id; of two entries of one person the first counts. */
const unreadCounts: Expression = {
  $arrayToObject: {
    $map: {
      input: {
        $reverseArray: present(arrayAt('$participants'), [{ $ne: [hexOf('$$one.userId'), null] }]),
      },
      as: 'who',
      in: {
        k: hexOf('$$who.userId'),
        v: unreadAfter(lastRead('$$who', hexOf('$$who.userId')), hexOf('$$who.userId')),
      },
    },
  },
}

/** The update after which a chat tells the truth about its messages a second time. */
export const refreshDerived: Expression[] = [{ $set: { lastMessage, unreadCounts } }]

/** Both forms in which old documents hold an id. */
export function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}
