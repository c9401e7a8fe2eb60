import { Double, Int32, ObjectId } from 'bson'
import { day } from '../world/world.ts'
import { type Dirtyings, drop, gone, isObjectId, nowhere, put, put1, turn, twin, where } from './dirtying.ts'

export const reviewDirt: Dirtyings = {
  'rating-out-of-range': put1('rating', new Int32(0), new Int32(6)),
  'rating-with-half': put1('rating', new Double(4.5)),
  'rating-as-text': turn('rating', (rating) => String(rating)),
  'request-null': put1('purchaseRequestId', null),
  'reviewer-gone': gone('reviewerId'),
  'comment-missing': drop('comment'),
}

export const blogPostDirt: Dirtyings = {
  'slug-empty': put1('slug', ''),
  'slug-twin': twin(['slug'], ({ slug }) => slug !== ''),
  'published-without-date': (document) => {
    delete document.publishedAt
    document.status = 'published'
    return true
  },
  'views-as-double': turn('views', (views) => new Double(Number(views))),
  'category-unknown': put1('category', 'general'),
  'tags-null': put1('tags', null),
  'images-missing': drop('images'),
}

export const notificationDirt: Dirtyings = {
  'user-invalid': put1('userId', 'undefined', '[object Object]'),
  'user-gone': turn('userId', (_, context) => nowhere(context).toHexString()),
  'category-general': put1('category', 'general'),
  'older-than-90-days': put('createdAt', ({ world, random }) =>
    new Date(world.now - random.int(100, 600) * day).toISOString(),
  ),
  'metadata-keys-with-dots': put('metadata', () => ({ 'request.id': 'x', 'a.b': { 'c.d': 1 } })),
  'read-without-time': (document) => {
    document.isRead = true
    delete document.readAt
    return true
  },
  'related-missing': drop('relatedId'),
}

type Message = Record<string, unknown>

/** Changes one message in the middle. */
const message = (change: (message: Message) => Message) =>
  turn('messages', (messages) => {
    if (!Array.isArray(messages) || messages.length === 0) return undefined
    const at = Math.floor(messages.length / 2)
    return messages.map((each: Message, place) => (place === at ? change(each) : each))
  })

export const chatDirt: Dirtyings = {
  'sender-as-text': message((each) => ({
    ...each,
    senderId: isObjectId(each.senderId) ? each.senderId.toHexString() : each.senderId,
  })),
  'unread-of-people-who-left': turn('unreadCounts', (counts, context) => ({
    ...Object(counts),
    [nowhere(context).toHexString()]: 7,
  })),
  'last-message-stale': turn('lastMessage', (last) => ({ ...Object(last), content: 'the one before' })),
  'reply-to-nothing': message((each) => ({ ...each, replyTo: new ObjectId('65f000000000000000000bad') })),
  'messages-null': put1('messages', null),
  // A chat that waits in quarantine must not be one that a dispute names.
  'message-without-id': where(
    ({ type }) => type === 'direct',
    message(({ _id, ...each }) => each),
  ),
  'type-unknown': put1('type', 'channel'),
  'related-missing': drop('relatedTo'),
}
