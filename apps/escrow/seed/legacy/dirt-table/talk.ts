import { type DirtRow, exact, extra, gone, quarantine, rowsOf } from './dirt-row.ts'

/** Dirt of what people say: reviews, posts, notifications, chats and sessions of Telegram. */
export const talkRows: readonly DirtRow[] = [
  ...rowsOf('reviews', [
    extra('rating-out-of-range', 0.01, ['rating'], 'a rating of zero or six'),
    extra('rating-with-half', 0.01, ['rating'], 'a rating of four and a half'),
    exact('rating-as-text', 0.02, ['rating'], 'the rating as text'),
    exact('request-null', 0.1, ['purchaseRequestId'], 'the request stored as null'),
    gone('reviewer-gone', 0.01, 'reviewerId', 'a reviewer who does not exist'),
    exact('comment-missing', 0.05, ['comment'], 'no comment, not even an empty one'),
  ]),
  ...rowsOf('blogposts', [
    exact('slug-empty', 0.03, ['slug'], 'an empty slug'),
    extra('slug-twin', 0.03, ['slug'], 'the slug of an older post', { by: 'unique' }),
    exact('published-without-date', 0.05, ['publishedAt', 'status'], 'published, but not since when'),
    exact('views-as-double', 0.05, ['views'], 'the views as Double'),
    extra('category-unknown', 0.02, ['category'], 'a category of another vocabulary: `general`'),
    exact('tags-null', 0.02, ['tags'], 'the list of tags stored as null'),
    exact('images-missing', 0.03, ['images'], 'no list of images'),
  ]),
  ...rowsOf('notifications', [
    extra('user-invalid', 0.01, ['userId'], 'a person who is no id: `undefined`'),
    gone('user-gone', 0.01, 'userId', 'a person who does not exist'),
    extra('category-general', 0.05, ['category'], 'the category `general`'),
    exact(
      'older-than-90-days',
      0.05,
      ['createdAt'],
      'older than 90 days, but its time is text, so MongoDB never removes it',
    ),
    exact('metadata-keys-with-dots', 0.05, ['metadata'], 'metadata whose keys have dots'),
    exact('read-without-time', 0.05, ['isRead', 'readAt'], 'read, but not when'),
    exact('related-missing', 0.05, ['relatedId'], 'it relates to nothing'),
  ]),
  ...rowsOf('chats', [
    exact('sender-as-text', 0.05, ['messages'], 'senders as hex digits'),
    exact('unread-of-people-who-left', 0.05, ['unreadCounts'], 'unread counts of people who left'),
    exact('last-message-stale', 0.03, ['lastMessage'], 'a last message that is not the last'),
    exact('reply-to-nothing', 0.05, ['messages'], 'replies to messages that do not exist'),
    exact('messages-null', 0.01, ['messages'], 'the messages stored as null'),
    quarantine(
      'message-without-id',
      0.002,
      ['messages'],
      'a message without `_id`, which nobody can tell from another',
    ),
    extra('type-unknown', 0.01, ['type'], 'a type of another vocabulary: `channel`'),
    exact('related-missing', 0.05, ['relatedTo'], 'it relates to nothing'),
  ]),
  ...rowsOf('telegramsessions', [
    exact('telegram-id-as-text', 0.05, ['telegramUserId'], 'the id of Telegram as text'),
    exact(
      'expiry-as-text',
      0.05,
      ['expiresAt'],
      'an expiry as text, past for long: MongoDB never removes it',
    ),
    exact('user-missing', 0.1, ['userId'], 'a session of nobody'),
    gone('user-gone', 0.01, 'userId', 'a session of a person who does not exist'),
  ]),
]
